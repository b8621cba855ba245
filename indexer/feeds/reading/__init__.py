"""Reading: files opened and unpacked, decoded, cut into rows, and every byte accounted for."""
