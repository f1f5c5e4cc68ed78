//! Finding the token: for the one certificate that was given, or for one of several.

use chungthu_certificate::Certificate;
use chungthu_certificate::install::locate::{self, Choice, DriverLook};
use chungthu_certificate::install::login::Target;

use super::Desk;
use super::papers::Paper;
use super::walk::{Walk, before_any_token};
use crate::failure::{Failure, from_refusal, from_token, no_driver};
use crate::page::Page;
use crate::words::{Hint, Install};

impl Walk<'_> {
    /// The token that holds the key of the request's certificate.
    pub(super) fn find_token(&self, desk: &mut Desk<'_>) -> Result<Target, Failure> {
        let mut page = Page::below();
        page.paragraph(&desk.screen.say(&Install::LookingAtTokens));
        desk.screen.note(&page);
        let candidates = std::slice::from_ref(&self.request.certificate);
        Ok(self.locate(desk, candidates)?.target)
    }

    /// Finds the token that holds the key of one of the papers, and goes on with that paper. The others
    /// are named: they are for other tokens.
    pub(super) fn choose(
        &mut self,
        desk: &mut Desk<'_>,
        first: Paper,
        others: Vec<Paper>,
    ) -> Result<Target, Failure> {
        let mut papers = others;
        papers.insert(0, first);
        let mut page = Page::below();
        let count = papers.len();
        page.paragraph(&desk.screen.say(&Install::LookingForOneOf { count }));
        desk.screen.note(&page);
        let candidates: Vec<Certificate> = papers
            .iter()
            .map(|paper| paper.certificate.clone())
            .collect();
        let Choice {
            target,
            certificate,
        } = self.locate(desk, &candidates)?;
        let (chosen, others): (Vec<Paper>, Vec<Paper>) = papers
            .into_iter()
            .partition(|paper| paper.certificate == certificate);
        let others: Vec<String> = others.into_iter().map(|paper| paper.file).collect();
        let mut page = Page::below();
        page.paragraph(&desk.screen.say(&Install::ForAnotherToken {
            count: others.len(),
            files: others.join("; "),
        }));
        desk.screen.note(&page);
        for paper in chosen {
            self.file = paper.file;
            self.request.certificate = paper.certificate;
        }
        self.recall();
        Ok(target)
    }

    /// A driver that is broken is named where it may be the reason that nothing was found.
    fn locate(&self, desk: &mut Desk<'_>, candidates: &[Certificate]) -> Result<Choice, Failure> {
        if self.drivers.is_empty() {
            return Err(before_any_token(no_driver()));
        }
        let (issuers, selector) = (&self.request.issuers, self.selector.as_ref());
        let (launcher, archive) = (&self.launcher, &self.archive);
        let survey = locate::look(
            launcher,
            &self.drivers,
            candidates,
            issuers,
            selector,
            archive,
        );
        let problems: Vec<(String, Failure)> = survey
            .drivers
            .iter()
            .filter_map(|look| driver_problem(look, desk))
            .collect();
        for (module, failure) in &problems {
            if desk.screen.is_verbose() {
                let problem = desk.screen.say(&*failure.what);
                desk.warn(&Install::WarningDriver {
                    module: module.clone(),
                    problem,
                });
            }
        }
        survey.choose().map_err(|refusal| {
            let mut failure = from_refusal(&refusal, desk.screen.words());
            let looks = problems
                .iter()
                .filter(|(_, problem)| failure.what != problem.what);
            let mut hints: Vec<Hint> = looks
                .map(|(module, problem)| {
                    let problem = desk.screen.say(&*problem.what);
                    Hint::DriverLook {
                        module: module.clone(),
                        problem,
                    }
                })
                .collect();
            hints.append(&mut failure.hints);
            before_any_token(Failure { hints, ..failure })
        })
    }
}

fn driver_problem(look: &DriverLook, desk: &Desk<'_>) -> Option<(String, Failure)> {
    let error = look.outcome.as_ref().err()?;
    let failure = from_token(error, &look.path, desk.screen.words());
    Some((look.path.display().to_string(), failure))
}
