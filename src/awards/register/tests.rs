//! Rows of registers as people write them, read and refused.
