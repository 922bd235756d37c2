//! Keeps a wanted set of IP addresses in the Linux kernel over rtnetlink and reports what happens to links and addresses.
