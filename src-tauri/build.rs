//! Lets Tauri read `tauri.conf.json` when the window is built.

fn main() {
    #[cfg(feature = "shell")]
    tauri_build::build();
}
