//! libFuzzer's door to [`vrrp_fuzz::authenticated`].
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| vrrp_fuzz::authenticated(data));
