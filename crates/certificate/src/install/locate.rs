//! Finding the one token that holds the key, among all drivers and slots, without a PIN.

use std::path::PathBuf;

use chungthu_token::error::TokenError;
use chungthu_token::module::{Found, ModulePath};
use chungthu_token::session::{Access, Driver, Launcher};
use chungthu_token::token::{SlotId, TokenInformation};
use chungthu_token::uri::{TokenSelector, candidates};

use crate::install::login::Target;
use crate::install::matching::{KeyMatch, match_key};
use crate::install::observe::{Observation, WantedIssuer, observe};
use crate::install::refusal::Refusal;
use crate::install::request::Request;
use crate::{Certificate, IssuerCheck, check_issuer};

/// Every driver that was tried, with what it shows.
pub struct Survey {
    /// In the order they were found.
    pub drivers: Vec<DriverLook>,
    selector: Option<TokenSelector>,
}

/// One driver.
pub struct DriverLook {
    /// Its file, as it was named.
    pub path: PathBuf,
    /// Its tokens, or why it shows none.
    pub outcome: Result<Vec<TokenLook>, TokenError>,
    started: Option<(ModulePath, Box<dyn Driver>)>,
}

/// One token.
#[derive(Clone, Debug)]
pub struct TokenLook {
    /// Its slot.
    pub slot: SlotId,
    /// What was seen, or why it could not be looked at.
    pub outcome: Result<TokenSeen, TokenError>,
}

/// A token that could be looked at.
#[derive(Clone, Debug)]
pub enum TokenSeen {
    /// Not the one that was asked for, or not initialised: not looked into.
    PassedOver(TokenInformation),
    /// Looked into.
    Observed(Box<Observation>),
}

impl TokenSeen {
    const fn token(&self) -> &TokenInformation {
        match self {
            Self::PassedOver(token) => token,
            Self::Observed(observation) => &observation.token,
        }
    }
}

/// Starts every driver and looks at every token, without a PIN. A driver or a token that fails hides
/// no other.
#[must_use]
pub fn look(
    launcher: &dyn Launcher,
    drivers: &[Found],
    request: &Request,
    selector: Option<&TokenSelector>,
) -> Survey {
    let wanted = Wanted {
        certificate: &request.certificate,
        issuer: match check_issuer(&request.certificate, &request.issuers) {
            IssuerCheck::Unknown => WantedIssuer::OnToken,
            IssuerCheck::Verified { .. } | IssuerCheck::BadSignature { .. } => WantedIssuer::AtHand,
        },
        selector,
    };
    let drivers = drivers
        .iter()
        .map(|found| {
            let started = found.module.clone().and_then(|module| {
                let driver = launcher.launch(&module)?;
                Ok((module, driver))
            });
            match started {
                Ok((module, mut driver)) => {
                    let outcome = look_at_tokens(driver.as_mut(), &wanted);
                    DriverLook {
                        path: found.path.clone(),
                        outcome,
                        started: Some((module, driver)),
                    }
                }
                Err(error) => DriverLook {
                    path: found.path.clone(),
                    outcome: Err(error),
                    started: None,
                },
            }
        })
        .collect();
    Survey {
        drivers,
        selector: selector.cloned(),
    }
}

/// What is looked for, the same on every token.
struct Wanted<'a> {
    certificate: &'a Certificate,
    issuer: WantedIssuer,
    selector: Option<&'a TokenSelector>,
}

fn look_at_tokens(
    driver: &mut dyn Driver,
    wanted: &Wanted<'_>,
) -> Result<Vec<TokenLook>, TokenError> {
    let mut looks = Vec::new();
    for candidate in candidates(driver, wanted.selector)? {
        let (report, is_meant) = (candidate.report, candidate.is_meant);
        let slot = report.slot;
        let outcome = report.token.and_then(|token| {
            if is_meant && token.is_initialized() {
                look_at_token(driver, slot, token, wanted)
            } else {
                Ok(TokenSeen::PassedOver(token))
            }
        });
        looks.push(TokenLook { slot, outcome });
    }
    Ok(looks)
}

fn look_at_token(
    driver: &mut dyn Driver,
    slot: SlotId,
    token: TokenInformation,
    wanted: &Wanted<'_>,
) -> Result<TokenSeen, TokenError> {
    let access = if token.is_write_protected() {
        Access::ReadOnly
    } else {
        Access::ReadWrite
    };
    let access = driver.open(slot, access)?;
    let observation = observe(
        driver,
        slot,
        (token, access),
        wanted.certificate,
        wanted.issuer,
        None,
    )?;
    Ok(TokenSeen::Observed(Box::new(observation)))
}

impl Survey {
    /// The one token that holds the certificate's key; the other drivers are let go.
    ///
    /// # Errors
    /// When no token matches, or several may: without a login, always.
    pub fn choose(self, certificate: &Certificate) -> Result<Target, Refusal> {
        let mut matching = Vec::new();
        let mut untold = Vec::new();
        let mut others = Vec::new();
        let mut not_matching = Vec::new();
        let mut failed_tokens = Vec::new();
        let mut failed_drivers = Vec::new();
        let tried = self.drivers.len();
        let selector = self.selector;
        let mut started: Vec<Option<(ModulePath, Box<dyn Driver>)>> = Vec::new();
        for (index, look) in self.drivers.into_iter().enumerate() {
            started.push(look.started);
            let tokens = match look.outcome {
                Ok(tokens) => tokens,
                Err(error) => {
                    failed_drivers.push((look.path, error));
                    continue;
                }
            };
            for token in tokens {
                let seen = match token.outcome {
                    Ok(seen) => seen,
                    Err(error) => {
                        failed_tokens.push((look.path.clone(), error));
                        continue;
                    }
                };
                let TokenSeen::Observed(observation) = seen else {
                    others.push(seen.token().clone());
                    continue;
                };
                let candidate = Candidate {
                    driver: index,
                    slot: token.slot,
                    observation,
                };
                match match_key(certificate, &candidate.observation) {
                    KeyMatch::Matches(_) | KeyMatch::Ambiguous { .. } => matching.push(candidate),
                    KeyMatch::CannotTell => untold.push(candidate),
                    KeyMatch::DoesNotMatch => not_matching.push(candidate.observation.token),
                }
            }
        }
        // one key is proof enough of one token; tokens that tell nothing must agree in more
        let matching = each_token_once(matching, TokenInformation::has_serial_of);
        let untold = each_token_once(untold, |one, other| {
            one.has_serial_of(other) && one.is_same_token(other)
        });
        let candidates = if matching.is_empty() {
            untold
        } else {
            matching
        };
        let tokens: Vec<TokenInformation> = candidates
            .iter()
            .map(|candidate| candidate.observation.token.clone())
            .collect();
        let mut candidates = candidates.into_iter();
        match (candidates.next(), candidates.next()) {
            (
                Some(Candidate {
                    driver,
                    slot,
                    observation,
                }),
                None,
            ) => {
                let chosen = started.get_mut(driver).and_then(Option::take);
                let Some((module, driver)) = chosen else {
                    return Err(Refusal::TokenNotFound {
                        drivers: tried,
                        others,
                    });
                };
                for (_, mut other) in started.into_iter().flatten() {
                    // it served; how it ends is of no interest
                    other.finish().ok();
                }
                Ok(Target::new(driver, module, slot, observation))
            }
            (Some(_), Some(_)) => Err(Refusal::TokenAmbiguous { tokens }),
            (None, _) if !not_matching.is_empty() => Err(Refusal::KeyNotOnToken {
                tokens: not_matching,
            }),
            (None, _)
                if selector.is_none() && others.iter().any(|token| !token.is_initialized()) =>
            {
                Err(Refusal::TokenNotInitialized)
            }
            (None, _) => {
                // a driver's failure is the answer only where none answered at all
                if failed_drivers.len() == tried {
                    failed_tokens.append(&mut failed_drivers);
                }
                Err(match failed_tokens.into_iter().next() {
                    Some((driver, error)) => Refusal::NothingReadable { driver, error },
                    None => Refusal::TokenNotFound {
                        drivers: tried,
                        others,
                    },
                })
            }
        }
    }
}

struct Candidate {
    driver: usize,
    slot: SlotId,
    observation: Box<Observation>,
}

/// Two drivers may show one token; the first to show it is the one to use.
fn each_token_once(
    candidates: Vec<Candidate>,
    is_same: impl Fn(&TokenInformation, &TokenInformation) -> bool,
) -> Vec<Candidate> {
    let mut once: Vec<Candidate> = Vec::new();
    for candidate in candidates {
        let token = &candidate.observation.token;
        let is_known = once.iter().any(|known| {
            known.driver != candidate.driver && is_same(&known.observation.token, token)
        });
        if !is_known {
            once.push(candidate);
        }
    }
    once
}
