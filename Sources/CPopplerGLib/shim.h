/* Only the flags of poppler-glib's pkg-config file are used: CPopplerPublic includes what is there. */
