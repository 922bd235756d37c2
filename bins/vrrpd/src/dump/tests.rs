use vrrp_config::Options;
use vrrp_control::Status;

use super::writer::{Cleared, text};
use super::*;
