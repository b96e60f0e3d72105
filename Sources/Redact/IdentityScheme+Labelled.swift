extension IdentityScheme {
    /// Numbers that their label alone tells.
    static let labelled: [IdentityScheme] = [
        .init(
            "health.record",
            .healthID,
            """
            mrn, medical record, patient id, patient number, patient no, patient-id, \
            patient identifier, patientennummer, patienten-nr, patientennr, \
            patienten-id, numéro de patient, numéro patient, id patient, n° patient, \
            número de paciente, historia clínica, prontuário, numero paziente, \
            patiëntnummer, chart number, hospital number
            """,
            "X5 X6 X7 X8 X9 X10 X11 X12",
            .none,
            "00107487"
        ),
        .init(
            "health.member",
            .healthID,
            """
            member id, member number, member no, membership number, membership no, \
            subscriber id, subscriber number, policy number, policy no, insurance id, \
            insurance number, insured id, beneficiary id, health plan number, \
            mitgliedsnummer, mitglieds-nr, versichertennummer, versicherten-nr, \
            numéro d'adhérent, n° adhérent, numéro de mutuelle, n° de mutuelle, n° mutuelle, \
            numéro d'assuré, n° d'assuré, número de asegurado, número de afiliado, número de póliza, \
            numero di polizza, lidnummer, polisnummer
            """,
            "X6 X7 X8 X9 X10 X11 X12 X13 X14",
            .none,
            "XYZ314682783"
        ),
        .init(
            "staff",
            .nationalID,
            """
            employee id, employee-id, employee number, employee no, staff id, staff number, staff no, \
            personnel number, personnel no, payroll number, student id, student-id, student number, \
            student no, matriculation number, mitarbeiternummer, mitarbeiter-nr, matrikelnummer, \
            matrikel-nr, numéro d'étudiant, n° étudiant, número de empleado, numero di matricola, \
            personeelsnummer, studentnummer, табельный номер, 社員番号, 学籍番号, 学号, 工号, 사번, 학번
            """,
            "X6 X7 X8 X9 X10",
            .none,
            "S0048291"
        ),
        .init(
            "passport",
            .passport,
            """
            passport, reisepass, pass-nr, passnr, passnummer, passeport, pasaporte, \
            passaporte, passaporto, paspoort, paszport, cestovní pas, číslo pasu, \
            útlevél, pașaport, διαβατήριο, pasaport, pass nr, pass no, passinumero, \
            паспорт, загранпаспорт, 護照, 护照, パスポート, 旅券, 여권, जवाज़, पासपोर्ट, جواز السفر, \
            جواز, דרכון, hộ chiếu, หนังสือเดินทาง, travel document
            """,
            "X6 X7 X8 X9 X10",
            .none,
            "C01X00T478"
        ),
        .init(
            "vehicle.plate",
            .vehicle,
            """
            license plate, licence plate, number plate, registration plate, \
            plate number, plate no, plate, vehicle registration, car registration, vehicle reg, car reg, \
            reg no, reg. no, vrm, rego, \
            kennzeichen, immatriculation, matrícula, targa, kenteken, placa, \
            tablica rejestracyjna, numer rejestracyjny, nr rej, registreringsnummer, \
            rekisterinumero, nummerplade, spz, plaka, госномер, гос. номер, \
            номерной знак, 车牌, 車牌, ナンバー, 차량번호, 번호판
            """,
            "X5 X6 X7 X8",
            .none,
            "7ABC123"
        ),
        .init(
            "licence",
            .driverLicense,
            """
            driver's license, driver license, drivers license, driver's licence, \
            driving licence, driving license, license number, dl number, führerschein, \
            permis de conduire, licencia de conducir, carnet de conducir, \
            patente di guida, rijbewijs, körkort, førerkort, kørekort, ajokortti, \
            prawo jazdy, carta de condução, cnh
            """,
            "X6 X7 X8 X9 X10 X11 X12 X13 X14 X15 X16",
            .none,
            "D6200700"
        ),
    ]
}
