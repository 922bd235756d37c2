//! libFuzzer's door to [`vrrp_fuzz::frames`].
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| vrrp_fuzz::frames(data));
