extension IdentityScheme {
    /// Numbers of American authorities.
    static let americas: [IdentityScheme] = [
        .init(
            "id.ar",
            .nationalID,
            "cuit, cuil, c.u.i.t, c.u.i.l",
            "N11",
            .digits(isArgentineCUIT),
            "51464078324"
        ),
        .init(
            "id.ar",
            .nationalID,
            "dni, d.n.i, documento nacional",
            "N7 N8",
            .none,
            "8283369"
        ),
        .init(
            "account.ar",
            .bankAccount,
            "cbu, clave bancaria",
            "N22",
            .digits(isArgentineAccount),
            "2850590940090418135201"
        ),
        .init(
            "id.br",
            .nationalID,
            "cpf, c.p.f, cadastro de pessoas físicas, cadastro de pessoa física",
            "N11",
            .digits(isBrazilianCPF),
            "91745668578"
        ),
        .init(
            "tax.br",
            .taxID,
            "cnpj",
            "N14",
            .digits(isBrazilianCNPJ),
            "69254620000153"
        ),
        .init(
            "id.br",
            .nationalID,
            "pis, pasep, nis, nit",
            "N11",
            .sum([3, 2, 9, 8, 7, 6, 5, 4, 3, 2], "00987654321"),
            "13580033122"
        ),
        .init(
            "id.ca",
            .nationalID,
            "sin, nas, social insurance, assurance sociale",
            "N9",
            .digits(luhn),
            "754001733"
        ),
        .init(
            "health.ca",
            .healthID,
            "phn, personal health number",
            "N10",
            .digits(isCanadianHealthNumber),
            "9792216382"
        ),
        .init(
            "id.cl",
            .nationalID,
            "rut, r.u.t, r.u.n, rol único, rol unico, cédula de identidad",
            "N7X N8X",
            .code(isChileanNumber),
            "14705007"
        ),
        .init(
            "tax.co",
            .taxID,
            "nit, n.i.t",
            "N9 N10",
            .digits(isColombianNumber),
            "930531717"
        ),
        .init(
            "id.co",
            .nationalID,
            "cédula de ciudadanía, cedula de ciudadania",
            "N7 N8 N10",
            .none,
            "1486613052"
        ),
        .init(
            "id.cr",
            .nationalID,
            "cédula, cedula",
            "N9 N10",
            .none,
            "0440169198"
        ),
        .init(
            "id.cu",
            .nationalID,
            "carné de identidad, carnet de identidad, carne de identidad",
            "N11",
            .digits(isCubanNumber),
            "89071730083"
        ),
        .init(
            "id.do",
            .nationalID,
            "cédula, cedula",
            "N11",
            .digits(luhn),
            "30915493156"
        ),
        .init(
            "id.ec",
            .nationalID,
            "cédula, cedula, c.i",
            "N10",
            .digits(isEcuadorianNumber),
            "0763854254"
        ),
        .init(
            "tax.ec",
            .taxID,
            "ruc",
            "N13",
            .digits(isEcuadorianFirm),
            "1767386277001"
        ),
        .init(
            "tax.gt",
            .taxID,
            "nit",
            "N6X N7X N8X",
            .code(isGuatemalanNumber),
            "5428114"
        ),
        .init(
            "id.gt",
            .nationalID,
            "dpi, documento personal de identificación",
            "N13",
            .none,
            "5773540270101"
        ),
        .init(
            "id.mx",
            .nationalID,
            "curp, c.u.r.p, clave única de registro",
            "A4N6A6XN",
            .code(isMexicanCURP),
            "BOXW951102MSPNRL01"
        ),
        .init(
            "tax.mx",
            .taxID,
            "rfc, r.f.c",
            "A4N6X3 A3N6X3",
            .none,
            "GODE900605GR8"
        ),
        .init(
            "id.mx",
            .nationalID,
            "nss, número de seguridad social, imss",
            "N11",
            .digits(luhn),
            "11594077577"
        ),
        .init(
            "id.pe",
            .nationalID,
            "dni, d.n.i",
            "N8X",
            .code(isPeruvianNumber),
            "67240524F"
        ),
        .init(
            "tax.pe",
            .taxID,
            "ruc",
            "N11",
            .sum([5, 4, 3, 2, 7, 6, 5, 4, 3, 2], "10987654321"),
            "17260199030"
        ),
        .init(
            "tax.py",
            .taxID,
            "ruc",
            "N6 N7 N8 N9",
            .digits(isParaguayanNumber),
            "286443"
        ),
        .init(
            "id.sv",
            .nationalID,
            "dui",
            "N9",
            .sum([9, 8, 7, 6, 5, 4, 3, 2], "0987654321"),
            "042062593"
        ),
        .init(
            "tax.sv",
            .taxID,
            "nit",
            "N14",
            .digits(isSalvadoranNumber),
            "06146582492375"
        ),
        .init(
            "tax.us",
            .taxID,
            "itin",
            "N9",
            .digits(isIndividualTaxpayer),
            "916744665"
        ),
        .init(
            "tax.us",
            .taxID,
            "atin",
            "N9",
            .none,
            "960939503"
        ),
        .init(
            "tax.us",
            .taxID,
            "ptin",
            "AN8",
            .none,
            "P67243897"
        ),
        .init(
            "tax.us",
            .taxID,
            "ein, fein, employer identification",
            "N9",
            .none,
            "123419939"
        ),
        .init(
            "id.us",
            .nationalID,
            "tin",
            "N9",
            .none,
            "120279501"
        ),
        .init(
            "id.uy",
            .nationalID,
            "cédula, cedula, c.i",
            "N8",
            .sum([2, 9, 8, 7, 6, 3, 4], "0987654321"),
            "48090013"
        ),
        .init(
            "tax.uy",
            .taxID,
            "rut",
            "N12",
            .digits(isUruguayanFirm),
            "213819460014"
        ),
        .init(
            "id.ve",
            .nationalID,
            "rif, r.i.f, cédula, cedula, c.i",
            "AN9",
            .code(isVenezuelanNumber),
            "E823985439"
        ),
        .init(
            "id.ve",
            .nationalID,
            "cédula de identidad, cedula de identidad",
            "AN8 AN7",
            .none,
            "V14476678"
        ),
    ]
}
