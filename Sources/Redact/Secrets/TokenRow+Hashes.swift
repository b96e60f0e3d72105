extension TokenRow {
    /// Tokens of hashes of passwords, which are guessed at leisure.
    static let hashes: [TokenRow] = [
        .init(
            "bcrypt",
            "$2a${d2}${c53} $2b${d2}${c53} $2y${d2}${c53}",
            found: "$2a$86$GPWbOqpnD4b1qXt/JRXXFYcaNXUQhC6tu8cDOHx8hITKAQHsrpbcc",
            left: "$2a$12$"
        ),
        .init(
            "crypt",
            "$6${c1-16}${c86} $6$rounds={d1-9}${c1-16}${c86} $5${c1-16}${c43} $5$rounds={d1-9}${c1-16}${c43} $1${c1-8}${c22} $apr1${c1-8}${c22} $y${a3-8}${c8-24}${c43}",
            found:
                "$6$Blv$0tBEt4RlVVsvlcoiRqgEEwGJ9m1F35OKWGj/dtoo1lO8vL2oblJiYWjGwf4L0BWm0gCm05qD//U42uvRhQMkK6",
            left:
                "$6$z7aV$4lZRg9/DJI.L40KQH.NxeVTq6k.3Vveff/3C.h0rDIXi3EI4fWnyq9U/UIbXpThnwXxxFGk8ftSv3wBrKtfT"
        ),
        .init(
            "argon2",
            "$argon2id$v={d1-3}$m={d1-8},t={d1-3},p={d1-3}${b8-64}${b16-90} $argon2i$v={d1-3}$m={d1-8},t={d1-3},p={d1-3}${b8-64}${b16-90}",
            found: "$argon2id$v=034$m=76,t=09,p=72$mAiEefbkewbG$OKjalr9CA0IZssxdDDTq5T",
            left: "$argon2id$v=1$m=95379,t=1,p=904$S9dXjAhCTVrl$wPGw/U84MY69xU"
        ),
        .init(
            "pbkdf2",
            "$pbkdf2-sha256${d1-8}${c8-64}${c32-90} $pbkdf2-sha512${d1-8}${c8-64}${c32-90} pbkdf2_sha256${d1-8}${a8-32}${b40-46}{=0-2} pbkdf2:sha256:{d1-8}${a8-32}${x64}",
            found: "$pbkdf2-sha256$97694$9mK4uzlOps$hQ3A2oqIArQ01TEEOBjiqwMqpEq6jZbBmm8XC/",
            left: "$pbkdf2-sha256$90275$zG4L9aqpaf$3GBC9PB5gzCFy2OzH4rVB.DzD3kvG6"
        ),
        .init(
            "scrypt",
            "scrypt:{d1-8}:{d1-3}:{d1-3}${a8-32}${x128}",
            found:
                "scrypt:37:35:2$0oldWZVyS9s7$47bc3bc669987c3c5f1e9775a760b7f3d1b4bbfd6385f7b3c7d9fcbe23512327cecc0ebcafbbae066c461385ace2010ea5fa97de36392820591d645690e77c1b",
            left:
                "scrypt:058:97:91$Fu6OuRODN$6ceee49fb2695c33df1bae78956ecb11eecdc7cc39bbedf6bd786001ee596cc64e1bdb126eb46fa2f5f93bc1d1842e03ac260669250cd947ad4f55fde9bff0"
        ),
        .init(
            "ldap",
            "{{SSHA}{b28-100}{=0-2} {{SHA}{b27-44}{=0-2}",
            found: "{SSHA}/GM6Lo5VMSha9pdnGI8wtKcyzVh/jO",
            left: "{SSHA}WTIW5QSADlBKhWLHKcZQ3YYxm3"
        ),
    ]
}
