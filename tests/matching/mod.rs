//! Matching as a whole: the labelled set, made-up shops of many countries, and the table of the documents.

mod commands;
mod documents;
mod generated;
mod set;
