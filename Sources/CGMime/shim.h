/* Only the flags of GMime's pkg-config file are used: CMime includes what is there. */
