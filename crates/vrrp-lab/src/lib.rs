//! A LAN out of unprivileged network namespaces: hosts, bridges, cuts, captures, probes.
