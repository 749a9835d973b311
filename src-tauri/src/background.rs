//! Work that somebody at the desk must not feel: it has the processor where nothing else wants it. It knows nothing of the work.

use std::io;
use std::thread::{Builder, JoinHandle};

use thread_priority::{ThreadPriority, set_current_thread_priority};

/// Does `work` on a thread of its own called `name`, at the lowest priority: a nice value of 19 on Linux (`setpriority(2)`).
/// Where the system refuses that it is done all the same.
///
/// # Errors
/// When the system gives no thread.
pub(crate) fn spawn<T: Send + 'static>(
    name: &str,
    work: impl FnOnce() -> T + Send + 'static,
) -> io::Result<JoinHandle<T>> {
    Builder::new().name(name.to_owned()).spawn(move || {
        if let Err(error) = set_current_thread_priority(ThreadPriority::Min) {
            tracing::debug!(%error, "the system leaves work in the background its priority");
        }
        work()
    })
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    /// The nice value of the calling thread (`proc_pid_stat(5)`, field 19).
    fn nice() -> i32 {
        let stat = std::fs::read_to_string("/proc/thread-self/stat").expect("Linux says it");
        let (_, fields) = stat.rsplit_once(") ").expect("the name in brackets");
        let nice = fields.split(' ').nth(16).expect("nineteen fields");
        nice.parse().expect("a number")
    }

    #[test]
    fn work_in_the_background_yields_to_everything_else_and_whoever_began_it_does_not() {
        let before = nice();
        let there = spawn("behind", nice).expect("a thread").join().expect("no panic");
        assert_eq!((there, nice()), (19, before));
    }
}
