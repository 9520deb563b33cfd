//! What to do with a server's answer to a request for the rest of a file.

use crate::error::{Error, Kind};

/// Seconds to wait before each new attempt. After the last one the transfer has failed. Progress beyond all earlier
/// attempts starts the list again.
pub const PAUSES: [f64; 4] = [0.5, 1.0, 2.0, 4.0];

/// The decision about a response, by its status and headers.
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    /// Append the body, which begins exactly where the received bytes end.
    Append,
    /// Discard the received bytes, because the body is the file from its start.
    StartOver,
    /// Try again after a pause, because the failure may be temporary.
    Wait(Error),
    /// Fail and discard the received bytes, because another attempt would have the same result.
    Refuse(Error),
}

/// Judges the answer to a request for `file` of `whole` bytes, of which `have` are received. The request is a plain GET
/// if `have` is 0, otherwise one with `Range: bytes={have}-`. `whole` is none if the size is not known, and `have` is
/// then 0.
pub fn judge(file: &str, status: u16, content_range: Option<&str>, have: u64, whole: Option<u64>) -> Verdict {
    match (status, whole) {
        (200, _) => Verdict::StartOver,
        (206, Some(whole)) if have > 0 => {
            let expected = format!("bytes {have}-{}/{whole}", whole - 1);
            match content_range {
                Some(range) if range.trim() == expected => Verdict::Append,
                // A cache on the way may not know the whole length.
                Some(range) if range.trim() == format!("bytes {have}-{}/*", whole - 1) => Verdict::Append,
                range => Verdict::Refuse(Error::new(
                    Kind::Network,
                    file,
                    format!("the rest of the file ({expected})"),
                    range.unwrap_or("a part that does not say where it belongs"),
                    "Try again: the download will start from the beginning.",
                )),
            }
        }
        (408 | 425 | 429 | 500..=599, _) => Verdict::Wait(refused(file, status)),
        _ => Verdict::Refuse(refused(file, status)),
    }
}

fn refused(file: &str, status: u16) -> Error {
    let advice = match status {
        404 | 410 => "Check the model's address: the file is not there.",
        401 | 403 | 407 => "Check the model's address: the server does not give this file to everyone.",
        416 => "Try again: the download will start from the beginning.",
        _ => "Try again in a while.",
    };
    Error::new(Kind::Network, file, "HTTP status 200 or 206", format!("HTTP status {status}"), advice)
}

#[cfg(test)]
mod tests {
    use super::*;
    use Verdict::*;

    fn got(verdict: Verdict) -> (&'static str, String) {
        match verdict {
            Wait(error) => ("wait", error.got),
            Refuse(error) => ("refuse", error.got),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_whole_answer_starts_over_whatever_was_asked() {
        assert_eq!(judge("f", 200, None, 0, Some(10)), StartOver);
        assert_eq!(judge("f", 200, None, 4, Some(10)), StartOver);
        assert_eq!(judge("f", 200, Some("bytes 4-9/10"), 4, Some(10)), StartOver);
        assert_eq!(judge("f", 200, None, 0, None), StartOver);
    }

    #[test]
    fn a_part_is_taken_only_where_it_belongs() {
        assert_eq!(judge("f", 206, Some("bytes 4-9/10"), 4, Some(10)), Append);
        assert_eq!(judge("f", 206, Some(" bytes 4-9/* "), 4, Some(10)), Append);
        for wrong in [
            "bytes 3-9/10",
            "bytes 5-9/10",
            "bytes 4-8/10",
            "bytes 4-9/11",
            "bytes 4-10/11",
            "4-9/10",
            "",
            "bytes */10",
        ] {
            assert_eq!(got(judge("f", 206, Some(wrong), 4, Some(10))), ("refuse", wrong.to_owned()));
        }
        assert_eq!(got(judge("f", 206, None, 4, Some(10))).0, "refuse");
    }

    #[test]
    fn a_part_nobody_asked_for_is_refused() {
        assert_eq!(got(judge("f", 206, Some("bytes 0-9/10"), 0, Some(10))), ("refuse", "HTTP status 206".to_owned()));
        assert_eq!(got(judge("f", 206, None, 0, None)), ("refuse", "HTTP status 206".to_owned()));
    }

    #[test]
    fn a_passing_trouble_is_waited_for() {
        for status in [408, 425, 429, 500, 502, 503, 504] {
            assert_eq!(got(judge("f", status, None, 4, Some(10))), ("wait", format!("HTTP status {status}")));
        }
    }

    #[test]
    fn everything_else_is_an_error_with_its_status_and_file() {
        for status in [0, 100, 204, 301, 304, 400, 401, 403, 404, 410, 416, 451, 600] {
            let Refuse(error) = judge("model.safetensors", status, None, 4, Some(10)) else { panic!("{status}") };
            assert_eq!((error.kind, error.what.as_str()), (Kind::Network, "model.safetensors"));
            assert_eq!(error.got, format!("HTTP status {status}"));
        }
    }

    #[test]
    fn pauses_grow() {
        assert!(PAUSES.is_sorted());
    }
}
