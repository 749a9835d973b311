//! Who is it? The verdict on a caller, pure over what the directory holds for the number.
