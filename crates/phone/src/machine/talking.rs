//! A call in which both sides can talk: the script's steps, one after the other.

use types::{CallId, Timestamp};

use super::{Machine, Output, State};
use crate::script::Step;

/// How far the script has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Talk {
    pub(super) call_id: CallId,
    /// The step that is under way; beyond the last one when all are done.
    step: usize,
    /// When a step that waits is done.
    wait_until: Option<Timestamp>,
    hang_up_at: Option<Timestamp>,
}

impl Talk {
    pub(super) fn deadline(&self) -> Option<Timestamp> {
        self.wait_until.into_iter().chain(self.hang_up_at).min()
    }
}

impl Machine {
    /// Both sides can talk from now on.
    pub(super) fn begin_talk(&mut self, now: Timestamp, call_id: CallId) {
        self.state = State::Talking(Talk {
            call_id,
            step: 0,
            wait_until: None,
            hang_up_at: self.script.hang_up_after.map(|after| now + after),
        });
        self.begin_step(now);
    }

    /// A deadline of the talk has passed.
    pub(super) fn talk_deadline(&mut self, now: Timestamp) {
        let State::Talking(talk) = &mut self.state else {
            return;
        };
        let first = talk.deadline();
        if let Some(at) = talk
            .wait_until
            .take_if(|at| *at <= now && Some(*at) == first)
        {
            // The next step is timed from when this one was due, not from when it was noticed.
            self.next_step(at);
        } else if talk.hang_up_at.is_some_and(|at| at <= now) {
            self.hang_up();
        }
    }

    /// Something ended that the step under way may have waited for.
    pub(super) fn step_done(&mut self, now: Timestamp, is_it: impl Fn(&Step) -> bool) {
        if let State::Talking(talk) = &self.state
            && self.script.steps.get(talk.step).is_some_and(is_it)
        {
            self.next_step(now);
        }
    }

    fn next_step(&mut self, now: Timestamp) {
        if let State::Talking(talk) = &mut self.state {
            talk.step += 1;
            self.begin_step(now);
        }
    }

    /// Begins the step under way, and those after it as long as each is done at once.
    fn begin_step(&mut self, now: Timestamp) {
        while let State::Talking(talk) = &mut self.state {
            match self.script.steps.get(talk.step).cloned() {
                None => return,
                Some(Step::Say(speech)) => {
                    let ends = speech.ends();
                    if !ends {
                        talk.step += 1;
                    }
                    self.say(speech);
                    if ends {
                        return;
                    }
                }
                Some(Step::Press(digits)) => {
                    self.outputs.push_back(Output::Press(digits));
                    return;
                }
                Some(Step::Wait(wait)) => {
                    talk.wait_until = Some(now + wait);
                    return;
                }
                Some(Step::HangUp) => {
                    self.hang_up();
                    return;
                }
            }
        }
    }
}
