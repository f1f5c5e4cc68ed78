//! What a broken host may send: decoded as the parent does it.

use std::fmt::Debug;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::frame::{self, FromHost};
use super::message::Response;
use crate::object::{Object, ObjectHandle};
use crate::session::Access;
use crate::token::{DriverInformation, SlotId, SlotReport, TokenInformation};

/// The bytes as a stream of frames, and as the body of an answer to any question.
///
/// # Panics
/// If a value is taken that does not come back as it was.
pub fn frames(bytes: &[u8]) {
    let mut stream = bytes;
    while let Ok(sent) = frame::read_from_host(&mut stream) {
        match sent {
            FromHost::Calling(name) => assert!(!name.contains(char::is_control)),
            FromHost::Answer(body) => assert!(body.len() <= bytes.len()),
        }
    }
    answer::<()>(bytes);
    answer::<Access>(bytes);
    answer::<DriverInformation>(bytes);
    answer::<ObjectHandle>(bytes);
    answer::<TokenInformation>(bytes);
    answer::<Vec<Object>>(bytes);
    answer::<Vec<ObjectHandle>>(bytes);
    answer::<Vec<SlotId>>(bytes);
    answer::<Vec<SlotReport>>(bytes);
    answer::<Vec<u8>>(bytes);
}

fn answer<Value: Debug + PartialEq + Serialize + DeserializeOwned>(body: &[u8]) {
    let Ok(response) = frame::decode::<Response<Value>>(body) else {
        return;
    };
    let mut pipe = Vec::new();
    let is_written = frame::write(&mut pipe, &response).is_ok();
    assert!(is_written, "{response:?}");
    let back = frame::read::<Response<Value>>(&mut pipe.as_slice());
    assert!(back.is_ok_and(|back| back == response), "{response:?}");
}
