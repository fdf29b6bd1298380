"""Reading and understanding of hostile mail: pure functions, bytes in, frozen values out."""
