//! `notice …`, `channel …`

use std::path::PathBuf;

use clap::{Args, Subcommand};

#[derive(Debug, Subcommand)]
pub(crate) enum Notice {
    /// What whoever acts was told
    List,
    /// Mark notices as read
    Read(NoticeRead),
    /// Show or choose what whoever acts wants to hear of, and how
    Prefer(NoticePrefer),
}

#[derive(Debug, Args)]
pub(crate) struct NoticeRead {
    /// Their ids [default: all]
    pub(crate) ids: Vec<String>,
}

#[derive(Debug, Args)]
pub(crate) struct NoticePrefer {
    /// A kind and how to hear of it, such as materials=at_once; may be given several times
    #[arg(long = "wish", value_name = "KIND=WISH")]
    pub(crate) wishes: Vec<String>,
    /// The channel, or none
    #[arg(long, value_name = "NAME")]
    pub(crate) channel: Option<String>,
    /// Where letters go, or none
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) email: Option<String>,
    /// The language of letters: zh or en
    #[arg(long, value_name = "LANG")]
    pub(crate) letters: Option<String>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Channel {
    /// Set up a channel; a robot's key is asked for
    Add(ChannelAdd),
    /// All channels and how they stand
    List,
    /// Change a channel's name, address, key or positions; it is tried at once
    Change(ChannelAlter),
    /// Send a message that says so
    Test(ChannelName),
    /// Send nothing until it is resumed
    Suspend(ChannelName),
    /// Send again, at once
    Resume(ChannelName),
    /// Remove a channel, its key, and what waits for it
    Remove(ChannelName),
}

#[derive(Debug, Args)]
pub(crate) struct ChannelAdd {
    /// What the channel is to be called
    pub(crate) name: String,
    /// What it is: wecom, dingtalk, feishu, email, webhook
    #[arg(long)]
    pub(crate) kind: String,
    /// A webhook's or a mail server's address; for a robot another place than usual
    #[arg(long, value_name = "URL")]
    pub(crate) address: Option<String>,
    /// It stands in the bank's own network, or on this machine
    #[arg(long)]
    pub(crate) private_network: bool,
    /// A file with certificates (PEM) to trust besides those of the server's machine
    #[arg(long, value_name = "FILE")]
    pub(crate) authorities: Option<PathBuf>,
    /// The mailbox that letters come from
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) from: Option<String>,
    /// The domains to which letters may go, with commas between them [default: all]
    #[arg(long, value_name = "DOMAINS")]
    pub(crate) domains: Option<String>,
    /// A file whose first line is the robot's key or whole address, or the mail server's password; otherwise it is asked for
    #[arg(long, value_name = "FILE")]
    pub(crate) channel_key_file: Option<PathBuf>,
    /// A file whose first line is the secret by which messages are signed; a webhook without one gets one
    #[arg(long, value_name = "FILE")]
    pub(crate) secret_file: Option<PathBuf>,
    /// A position whose moves a webhook tells of, by its id; may be given several times [default: all]
    #[arg(long = "position", value_name = "ID")]
    pub(crate) positions: Vec<String>,
    /// For everybody who chose no channel
    #[arg(long)]
    pub(crate) usual: bool,
}

#[derive(Debug, Args)]
pub(crate) struct ChannelAlter {
    /// The channel
    pub(crate) name: String,
    /// What it is to be called
    #[arg(long, value_name = "NAME")]
    pub(crate) rename: Option<String>,
    /// Where it leads
    #[arg(long, value_name = "URL")]
    pub(crate) address: Option<String>,
    /// A file whose first line is another key, whole address or password
    #[arg(long, value_name = "FILE")]
    pub(crate) channel_key_file: Option<PathBuf>,
    /// A file whose first line is another secret by which messages are signed
    #[arg(long, value_name = "FILE")]
    pub(crate) secret_file: Option<PathBuf>,
    /// A position whose moves a webhook tells of, instead of those before; may be given several times
    #[arg(long = "position", value_name = "ID", conflicts_with = "all_positions")]
    pub(crate) positions: Vec<String>,
    /// A webhook tells of the moves of all positions
    #[arg(long)]
    pub(crate) all_positions: bool,
    /// Whether it is for everybody who chose no channel: true or false
    #[arg(long, value_name = "YES")]
    pub(crate) usual: Option<bool>,
}

#[derive(Debug, Args)]
pub(crate) struct ChannelName {
    /// The channel
    pub(crate) name: String,
}
