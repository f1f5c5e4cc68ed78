//! Frames of the pipe: a mark, a length, a body; the host's announcement of a call; and the one raw
//! frame that carries a PIN.

use std::io::{self, Read, Write};

use serde::Serialize;
use serde::de::DeserializeOwned;
use zeroize::Zeroizing;

use crate::pin::{LONGEST_PIN, Pin, wipe_stack};

/// Begins every message, so that a driver's print-out is told from an answer.
const MARK: [u8; 4] = *b"CTH1";
/// Begins the name of a PKCS#11 function that the host calls now.
const CALL_MARK: [u8; 4] = *b"CTHC";
/// A thousand certificates are two megabytes; what is beyond this is no answer of ours.
const LONGEST_BODY: usize = 64 * 1024 * 1024;
/// In bytes; the longest of the standard, `C_MessageDecryptInit` and its like, have some twenty.
const LONGEST_CALL: usize = 64;

/// What came out of the pipe.
#[derive(Debug)]
pub(super) enum FrameError {
    /// The other side is gone.
    Ended,
    /// The bytes are no frame.
    Nonsense(&'static str),
}

impl From<io::Error> for FrameError {
    fn from(_: io::Error) -> Self {
        // whatever the system calls it, nothing more will come
        Self::Ended
    }
}

/// What a host sends.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum FromHost {
    /// It calls this PKCS#11 function now.
    Calling(String),
    /// The body of an answer.
    Answer(Vec<u8>),
}

/// Writes one message, whole.
pub(super) fn write<Message: Serialize>(
    output: &mut impl Write,
    message: &Message,
) -> Result<(), FrameError> {
    let body = postcard::to_extend(message, header(MARK))
        .map_err(|_| FrameError::Nonsense("message cannot be written"))?;
    write_frame(output, body)
}

/// Writes the name of the PKCS#11 function that is called next.
pub(super) fn write_call(output: &mut impl Write, function: &str) -> Result<(), FrameError> {
    let mut frame = header(CALL_MARK);
    frame.extend(function.bytes());
    write_frame(output, frame)
}

/// The beginning of a frame, with room for the length.
fn header(mark: [u8; 4]) -> Vec<u8> {
    let mut frame = mark.to_vec();
    frame.extend([0; 4]);
    frame
}

/// Enters the length, and writes the frame in one piece.
fn write_frame(output: &mut impl Write, mut frame: Vec<u8>) -> Result<(), FrameError> {
    let length = u32::try_from(frame.len() - MARK.len() - 4)
        .map_err(|_| FrameError::Nonsense("message too long"))?;
    for (place, byte) in frame.iter_mut().skip(MARK.len()).zip(length.to_le_bytes()) {
        *place = byte;
    }
    output.write_all(&frame)?;
    output.flush()?;
    Ok(())
}

/// Reads one message.
pub(super) fn read<Message: DeserializeOwned>(
    input: &mut impl Read,
) -> Result<Message, FrameError> {
    let (mark, length) = read_header(input)?;
    if mark != MARK {
        return Err(FrameError::Nonsense("bytes that are no frame"));
    }
    decode(&read_body(input, length, LONGEST_BODY)?)
}

/// Reads what a host sends next.
pub(super) fn read_from_host(input: &mut impl Read) -> Result<FromHost, FrameError> {
    let (mark, length) = read_header(input)?;
    match mark {
        MARK => read_body(input, length, LONGEST_BODY).map(FromHost::Answer),
        CALL_MARK => String::from_utf8(read_body(input, length, LONGEST_CALL)?)
            .ok()
            .filter(|name| name.bytes().all(|byte| byte.is_ascii_graphic()))
            .map(FromHost::Calling)
            .ok_or(FrameError::Nonsense("a call that is no name")),
        _ => Err(FrameError::Nonsense("bytes that are no frame")),
    }
}

/// What a body says.
pub(super) fn decode<Message: DeserializeOwned>(body: &[u8]) -> Result<Message, FrameError> {
    postcard::from_bytes(body).map_err(|_| FrameError::Nonsense("a frame of unknown content"))
}

/// The mark and the length of the body. They are read one after the other, so that a driver's short
/// print-out is told as such and not waited for to become longer.
fn read_header(input: &mut impl Read) -> Result<([u8; 4], usize), FrameError> {
    let mut mark = [0; 4];
    let mut length = [0; 4];
    input.read_exact(&mut mark)?;
    if ![MARK, CALL_MARK].contains(&mark) {
        return Err(FrameError::Nonsense("bytes that are no frame"));
    }
    input.read_exact(&mut length)?;
    let length = usize::try_from(u32::from_le_bytes(length)).unwrap_or(usize::MAX);
    Ok((mark, length))
}

/// Reads a body of this length, if it is no longer than `limit`. Takes no more memory than comes.
fn read_body(input: &mut impl Read, length: usize, limit: usize) -> Result<Vec<u8>, FrameError> {
    if length > limit {
        return Err(FrameError::Nonsense("a frame too long"));
    }
    let mut body = Vec::new();
    input.take(length as u64).read_to_end(&mut body)?;
    if body.len() < length {
        return Err(FrameError::Ended);
    }
    Ok(body)
}

/// Writes the PIN straight from where it is kept: one length byte, then the bytes. `output` must
/// not buffer.
pub(super) fn write_pin(output: &mut impl Write, pin: &Pin) -> Result<(), FrameError> {
    let bytes = pin.expose().as_bytes();
    let length = u8::try_from(bytes.len()).map_err(|_| FrameError::Nonsense("PIN too long"))?;
    output.write_all(&[length])?;
    output.write_all(bytes)?;
    Ok(())
}

/// Reads the PIN into a buffer that is wiped. `input` must not buffer.
pub(super) fn read_pin(input: &mut impl Read) -> Result<Pin, FrameError> {
    let mut length = [0; 1];
    input.read_exact(&mut length)?;
    let mut buffer = Zeroizing::new([0; LONGEST_PIN]);
    let [length] = length;
    let bytes = buffer
        .get_mut(..usize::from(length))
        .ok_or(FrameError::Nonsense("a PIN frame too long"))?;
    input.read_exact(bytes)?;
    let text = str::from_utf8(bytes).map_err(|_| FrameError::Nonsense("a PIN that is no text"))?;
    let pin = Pin::new(text, None).map_err(|_| FrameError::Nonsense("a PIN of bad shape"));
    wipe_stack();
    pin
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_comes_back_as_it_was_sent() {
        let mut pipe = Vec::new();
        write(&mut pipe, &vec![1_u64, 2, 3]).unwrap();
        let back: Vec<u64> = read(&mut pipe.as_slice()).unwrap();
        assert_eq!(back, [1, 2, 3]);
    }

    #[test]
    fn a_call_is_announced_between_messages() {
        let mut pipe = Vec::new();
        write_call(&mut pipe, "C_FindObjects").unwrap();
        write(&mut pipe, &7_u8).unwrap();
        let mut pipe = pipe.as_slice();
        let calling = read_from_host(&mut pipe).unwrap();
        assert_eq!(calling, FromHost::Calling("C_FindObjects".to_owned()));
        assert_eq!(
            read_from_host(&mut pipe).unwrap(),
            FromHost::Answer(vec![7])
        );
    }

    #[test]
    fn an_announcement_that_is_no_name_is_not_believed() {
        let long = [b"CTHC".as_slice(), &65_u32.to_le_bytes(), &[b'C'; 65]].concat();
        let binary = [b"CTHC".as_slice(), &1_u32.to_le_bytes(), &[0xff]].concat();
        let steering = [b"CTHC".as_slice(), &4_u32.to_le_bytes(), b"\x1b[2J"].concat();
        for frame in [long, binary, steering] {
            let read = read_from_host(&mut frame.as_slice());
            assert!(matches!(read, Err(FrameError::Nonsense(_))), "{read:?}");
        }
    }

    #[test]
    fn what_a_driver_prints_is_no_message() {
        let printed = b"Driver 1.0 loaded\n".as_slice();
        let read: Result<u8, _> = read(&mut { printed });
        assert!(matches!(read, Err(FrameError::Nonsense(_))));
    }

    #[test]
    fn a_length_beyond_reason_allocates_nothing() {
        let frame = [b"CTH1".as_slice(), &[0xff; 4]].concat();
        let read: Result<u8, _> = read(&mut frame.as_slice());
        assert!(matches!(read, Err(FrameError::Nonsense(_))));
    }

    #[test]
    fn a_pin_crosses_in_its_own_frame() {
        let mut pipe = Vec::new();
        write_pin(&mut pipe, &Pin::new("Abc12345", None).unwrap()).unwrap();
        assert_eq!(read_pin(&mut pipe.as_slice()).unwrap().expose(), "Abc12345");
    }
}
