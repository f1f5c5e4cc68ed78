//! What may be typed. Help is not here: it comes from the catalogues, by each argument's own name.

use std::path::PathBuf;

use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum};

#[derive(Debug, Parser)]
#[command(
    name = "chungthu",
    version,
    disable_help_subcommand = true,
    infer_long_args = false
)]
pub(super) struct Typed {
    #[command(flatten)]
    pub(super) common: Common,
    #[command(subcommand)]
    pub(super) command: Command,
}

#[derive(Debug, Args)]
pub(super) struct Common {
    #[arg(long, global = true, value_name = "LANGUAGE")]
    pub(super) lang: Option<Lang>,
    #[arg(long, global = true)]
    pub(super) json: bool,
    #[arg(long, global = true, value_name = "PATH")]
    pub(super) module: Vec<PathBuf>,
    #[arg(long, global = true, value_name = "WHICH")]
    pub(super) token: Option<String>,
    #[arg(long, global = true, value_name = "SOURCE")]
    pub(super) pin_source: Option<String>,
    #[arg(long, global = true, value_name = "PATH")]
    pub(super) ca: Vec<PathBuf>,
    #[arg(long, global = true, value_name = "PATH")]
    pub(super) crl: Vec<PathBuf>,
    #[arg(long, short = 'y', global = true)]
    pub(super) yes: bool,
    #[arg(long, global = true, value_name = "WHEN")]
    pub(super) color: Option<Color>,
    #[arg(long, short = 'q', global = true, action = ArgAction::Count, conflicts_with = "verbose")]
    pub(super) quiet: u8,
    #[arg(long, short = 'v', global = true, action = ArgAction::Count)]
    pub(super) verbose: u8,
    #[arg(long, global = true, value_name = "PATH")]
    pub(super) log_file: Option<PathBuf>,
    #[arg(long, global = true, value_name = "DATE")]
    pub(super) now: Option<String>,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    Install(Install),
    Restore(Restore),
    Tokens,
    List,
    Show(Show),
    Health(Health),
    Pin(Pin),
    History(History),
    Demo,
}

#[derive(Debug, Args)]
pub(super) struct Install {
    #[arg(value_name = "FILE", required = true, action = ArgAction::Append)]
    pub(super) files: Vec<PathBuf>,
    #[arg(long)]
    pub(super) dry_run: bool,
    #[arg(long)]
    pub(super) keep_old: bool,
    #[arg(long, conflicts_with = "keep_old")]
    pub(super) remove_old_first: bool,
    #[arg(long)]
    pub(super) allow_final_try: bool,
    #[arg(long)]
    pub(super) allow_expired: bool,
    #[arg(long)]
    pub(super) allow_older: bool,
    #[arg(long)]
    pub(super) allow_not_yet_valid: bool,
}

#[derive(Debug, Args)]
pub(super) struct Restore {
    #[arg(value_name = "BACKUP")]
    pub(super) backup: PathBuf,
    #[arg(long)]
    pub(super) dry_run: bool,
    #[arg(long)]
    pub(super) keep_new: bool,
    #[arg(long, conflicts_with = "keep_new")]
    pub(super) remove_old_first: bool,
    #[arg(long)]
    pub(super) allow_final_try: bool,
}

#[derive(Debug, Args)]
pub(super) struct Show {
    #[arg(value_name = "FILE", required_unless_present = "on_token", action = ArgAction::Append)]
    pub(super) files: Vec<PathBuf>,
    #[arg(long, conflicts_with = "files")]
    pub(super) on_token: bool,
    #[arg(long, conflicts_with_all = ["der", "pem"])]
    pub(super) diff: bool,
    #[arg(long, value_name = "PATH")]
    pub(super) der: Option<PathBuf>,
    #[arg(long)]
    pub(super) pem: bool,
    #[arg(long, requires = "der")]
    pub(super) force: bool,
}

#[derive(Debug, Args)]
pub(super) struct Health {
    #[arg(long)]
    pub(super) all: bool,
    #[arg(long, conflicts_with = "all")]
    pub(super) sign_test: bool,
    #[arg(long, requires = "sign_test")]
    pub(super) allow_final_try: bool,
}

#[derive(Debug, Args)]
pub(super) struct Pin {
    #[arg(value_name = "ACTION")]
    pub(super) action: PinAction,
    #[arg(long, value_name = "SOURCE")]
    pub(super) new_pin_source: Option<String>,
    #[arg(long, value_name = "SOURCE")]
    pub(super) so_pin_source: Option<String>,
    #[arg(long)]
    pub(super) allow_final_try: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum PinAction {
    Change,
    Unblock,
}

#[derive(Debug, Args)]
pub(super) struct History {
    #[arg(long)]
    pub(super) forget: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum Lang {
    Vi,
    En,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum Color {
    Auto,
    Always,
    Never,
}
