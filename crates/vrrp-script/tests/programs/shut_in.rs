use std::fs::File;
use std::os::fd::AsRawFd;

use nix::fcntl::{FcntlArg, FdFlag, fcntl};
use vrrp_script::{End, Program, Sandbox};

use crate::fixture::run;

fn strict(text: &str) -> Program {
    Program { sandbox: Sandbox::Strict, ..Program::new(["/bin/sh", "-c", text]) }
}

#[tokio::test]
async fn a_strict_sandbox_gives_no_new_privileges_and_few_of_everything() {
    let report = run(&strict("grep -E 'NoNewPrivs|CapAmb' /proc/self/status; ulimit -c; ulimit -n")).await;
    assert_eq!(report.end, End::Exited(0));
    let said: Vec<_> = report.output.lines().collect();
    assert_eq!(said.len(), 4, "{said:?}");
    assert!(said.contains(&"NoNewPrivs:\t1") && said.contains(&"CapAmb:\t0000000000000000"), "{said:?}");
    assert_eq!(said.get(2), Some(&"0"));
    assert!(said.get(3).unwrap().parse::<u32>().unwrap() <= 1024, "{said:?}");
}

#[tokio::test]
async fn a_strict_sandbox_has_a_search_path_and_what_was_given() {
    let mut program = Program { sandbox: Sandbox::Strict, ..Program::new(["/usr/bin/env"]) };
    program.environment.push(("VRRP_STATE".into(), "MASTER".into()));
    let output = run(&program).await.output;
    let mut variables: Vec<_> = output.lines().filter_map(|line| line.split_once('=')).map(|(name, _)| name).collect();
    variables.sort_unstable();
    assert_eq!(variables, ["PATH", "VRRP_STATE"]);
}

#[tokio::test]
async fn without_a_sandbox_our_environment_is_inherited_and_added_to() {
    let mut program = Program::new(["/bin/sh", "-c", "echo $CARGO_PKG_NAME $ADDED ${IFS_SEEN-none}"]);
    program.environment.push(("ADDED".into(), "too".into()));
    assert_eq!(&*run(&program).await.output, "vrrp-script too none");
}

#[tokio::test]
async fn no_program_inherits_a_descriptor_even_if_we_did() {
    let file = File::open("/dev/null").unwrap();
    fcntl(&file, FcntlArg::F_SETFD(FdFlag::empty())).unwrap();
    let text = format!("[ -e /proc/self/fd/0 ] && ! [ -e /proc/self/fd/{} ]", file.as_raw_fd());
    for program in [strict(&text), Program::new(["/bin/sh", "-c", &text])] {
        assert_eq!(run(&program).await.end, End::Exited(0), "{:?}", program.sandbox);
    }
}

#[tokio::test]
async fn it_leads_a_process_group_of_its_own() {
    let report =
        run(&Program::new(["/bin/sh", "-c", "[ $(ps -o pgid= -p $$) -eq $$ ] || cut -d' ' -f1,5 /proc/$$/stat"])).await;
    let own =
        report.output.is_empty() || report.output.split_once(' ').is_some_and(|(process, group)| process == group);
    assert!(own, "{}", report.output);
}
