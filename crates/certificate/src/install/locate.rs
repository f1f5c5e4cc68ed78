//! Finding the one token that holds the key, among all drivers and slots, without a PIN.

use std::collections::BTreeSet;
use std::path::PathBuf;

use chungthu_token::error::TokenError;
use chungthu_token::module::{Found, ModulePath};
use chungthu_token::session::{Access, Driver, Launcher};
use chungthu_token::token::{SlotId, TokenInformation};
use chungthu_token::uri::{TokenSelector, candidates};

use crate::install::login::Target;
use crate::install::matching::{KeyMatch, match_key};
use crate::install::observation::{Observation, WantedIssuer};
use crate::install::observe::{observe, roster};
use crate::install::refusal::Refusal;
use crate::records::{CutOff, CutOffRun, Storage};
use crate::{Certificate, IssuerCheck, check_issuer};

/// Every driver that was tried, with what it shows.
pub struct Survey {
    /// In the order they were found.
    pub drivers: Vec<DriverLook>,
    candidates: Vec<Certificate>,
    selector: Option<TokenSelector>,
}

/// The one token that holds the key of a candidate, and that candidate.
pub struct Choice {
    /// The token.
    pub target: Target,
    /// The certificate whose key it holds, or may hold where there was one candidate only.
    pub certificate: Certificate,
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
    Observed {
        /// With the first of `fitting` in mind, if there is any.
        observation: Box<Observation>,
        /// The candidates whose key it holds, by index; or, where it cannot tell, may hold.
        fitting: Vec<usize>,
        /// Whether it can tell of every candidate.
        is_told: bool,
    },
}

impl TokenSeen {
    const fn token(&self) -> &TokenInformation {
        match self {
            Self::PassedOver(token) => token,
            Self::Observed { observation, .. } => &observation.token,
        }
    }
}

/// Starts every driver and looks at every token for the key of one of the candidates, without a PIN.
/// `issuers` are the CA certificates at hand; `storage` remembers the runs that did not come to a good end.
/// A driver or a token that fails hides no other.
///
/// One candidate is searched for; for several the keys and certificates of a token are listed once.
#[must_use]
pub fn look(
    launcher: &dyn Launcher,
    drivers: &[Found],
    candidates: &[Certificate],
    issuers: &[Certificate],
    selector: Option<&TokenSelector>,
    storage: &dyn Storage,
) -> Survey {
    let wanted = Wanted {
        candidates,
        issuers,
        selector,
        storage,
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
        candidates: candidates.to_vec(),
        selector: selector.cloned(),
    }
}

/// What is looked for, the same on every token.
struct Wanted<'a> {
    candidates: &'a [Certificate],
    issuers: &'a [Certificate],
    selector: Option<&'a TokenSelector>,
    storage: &'a dyn Storage,
}

impl Wanted<'_> {
    /// The runs on this token that did not come to a good end. A record that cannot be read is told before
    /// the login.
    fn cut_off(&self, token: &TokenInformation) -> Vec<CutOffRun> {
        CutOff::of(token).runs(self.storage).unwrap_or_default()
    }

    /// Whether the issuer of this candidate is to be looked for on the token.
    fn issuer_of(&self, certificate: &Certificate) -> WantedIssuer {
        match check_issuer(certificate, self.issuers) {
            IssuerCheck::Unknown => WantedIssuer::OnToken,
            IssuerCheck::Verified { .. } | IssuerCheck::BadSignature { .. } => WantedIssuer::AtHand,
        }
    }
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
    let session = (token, access);
    let (candidate, fitting, is_told) = match wanted.candidates {
        [] => return Ok(TokenSeen::PassedOver(session.0)),
        [only] => (only, None, true),
        several => {
            let listed = Observation {
                cut_off: wanted.cut_off(&session.0),
                ..roster(driver, slot, session.clone())?
            };
            let (fitting, is_told) = fitting(several, &listed);
            let single = match (fitting.as_slice(), is_told) {
                ([index], true) => several.get(*index),
                _ => None,
            };
            let Some(single) = single else {
                return Ok(TokenSeen::Observed {
                    observation: Box::new(listed),
                    fitting,
                    is_told,
                });
            };
            (single, Some(fitting), true)
        }
    };
    let issuer = wanted.issuer_of(candidate);
    let observation = Observation {
        cut_off: wanted.cut_off(&session.0),
        ..observe(driver, slot, session, candidate, issuer, None)?
    };
    let (fitting, is_told) = match fitting {
        Some(fitting) => (fitting, is_told),
        None => self::fitting(wanted.candidates, &observation),
    };
    Ok(TokenSeen::Observed {
        observation: Box::new(observation),
        fitting,
        is_told,
    })
}

/// The candidates whose key the token holds; if there is none, those of which it cannot tell. And
/// whether it can tell.
fn fitting(candidates: &[Certificate], observation: &Observation) -> (Vec<usize>, bool) {
    let (mut matching, mut untold) = (Vec::new(), Vec::new());
    for (index, candidate) in candidates.iter().enumerate() {
        match match_key(candidate, observation) {
            KeyMatch::Matches(_) | KeyMatch::Ambiguous { .. } => matching.push(index),
            KeyMatch::CannotTell => untold.push(index),
            KeyMatch::DoesNotMatch => {}
        }
    }
    if matching.is_empty() && !untold.is_empty() {
        (untold, false)
    } else {
        (matching, true)
    }
}

impl Survey {
    /// The one token that holds the key of a candidate; the other drivers are let go.
    ///
    /// # Errors
    /// When no token matches, or several may, or several candidates may be meant for the one token:
    /// without a login, always.
    pub fn choose(self) -> Result<Choice, Refusal> {
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
                let TokenSeen::Observed {
                    observation,
                    fitting,
                    is_told,
                } = seen
                else {
                    others.push(seen.token().clone());
                    continue;
                };
                let place = Place {
                    driver: index,
                    slot: token.slot,
                    observation,
                    fitting,
                };
                match (place.fitting.is_empty(), is_told) {
                    (true, _) => not_matching.push(place.observation.token),
                    (false, true) => matching.push(place),
                    (false, false) => untold.push(place),
                }
            }
        }
        // one key is proof enough of one token; tokens that tell nothing must agree in more
        let matching = each_token_once(matching, TokenInformation::has_serial_of);
        let untold = each_token_once(untold, |one, other| {
            one.has_serial_of(other) && one.is_same_token(other)
        });
        // of tokens that tell nothing, and of one that holds them all, nobody can guess which is meant
        let guessed = if matching.is_empty() {
            untold.as_slice()
        } else if let [_] = matching.as_slice() {
            matching.as_slice()
        } else {
            &[]
        };
        let meant: BTreeSet<usize> = guessed
            .iter()
            .flat_map(|place| place.fitting.iter().copied())
            .collect();
        if meant.len() > 1 {
            let certificates = meant.iter().filter_map(|index| self.candidates.get(*index));
            return Err(Refusal::SeveralCertificates {
                certificates: certificates.cloned().collect(),
            });
        }
        let places = if matching.is_empty() {
            untold
        } else {
            matching
        };
        let tokens: Vec<TokenInformation> = places
            .iter()
            .map(|place| place.observation.token.clone())
            .collect();
        let mut places = places.into_iter();
        match (places.next(), places.next()) {
            (
                Some(Place {
                    driver,
                    slot,
                    observation,
                    fitting,
                }),
                None,
            ) => {
                let chosen = started.get_mut(driver).and_then(Option::take);
                let certificate = fitting
                    .first()
                    .and_then(|index| self.candidates.get(*index));
                let (Some((module, driver)), Some(certificate)) = (chosen, certificate) else {
                    return Err(Refusal::TokenNotFound {
                        drivers: tried,
                        others,
                    });
                };
                for (_, mut other) in started.into_iter().flatten() {
                    // it served; how it ends is of no interest
                    other.finish().ok();
                }
                Ok(Choice {
                    target: Target::new(driver, module, slot, observation),
                    certificate: certificate.clone(),
                })
            }
            (Some(_), Some(_)) => Err(Refusal::TokenAmbiguous { tokens }),
            (None, _) if !not_matching.is_empty() => Err(Refusal::KeyNotOnToken {
                tokens: not_matching,
            }),
            (None, _) if selector.is_none() && others.iter().any(TokenInformation::is_blank) => {
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

/// A token that holds, or may hold, a candidate's key.
struct Place {
    driver: usize,
    slot: SlotId,
    observation: Box<Observation>,
    fitting: Vec<usize>,
}

/// Two drivers may show one token; the first to show it is the one to use.
fn each_token_once(
    places: Vec<Place>,
    is_same: impl Fn(&TokenInformation, &TokenInformation) -> bool,
) -> Vec<Place> {
    let mut once: Vec<Place> = Vec::new();
    for place in places {
        let token = &place.observation.token;
        let is_known = once
            .iter()
            .any(|known| known.driver != place.driver && is_same(&known.observation.token, token));
        if !is_known {
            once.push(place);
        }
    }
    once
}
