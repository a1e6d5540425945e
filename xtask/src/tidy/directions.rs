//! Which crate may depend on which: the arrows of ARCHITECTURE.md as a table, and the libraries that are kept apart.

/// One of our crates and those of our crates that it may use.
pub(crate) struct Crate {
    pub(crate) name: &'static str,
    pub(crate) uses: &'static [&'static str],
    /// What its tests and examples may use besides.
    pub(crate) tests_use: &'static [&'static str],
}

/// A library that only some crates may use, so that it can be replaced there.
pub(crate) struct Confined {
    pub(crate) library: &'static str,
    pub(crate) to: &'static [&'static str],
    pub(crate) instead: &'static str,
}

/// A library that one crate may not use.
pub(crate) struct Banned {
    pub(crate) library: &'static str,
    pub(crate) from: &'static str,
    pub(crate) instead: &'static str,
}

/// Every crate of the workspace has a row and uses only crates with a row above its own.
pub(crate) const CRATES: &[Crate] = &[
    Crate { name: "dossier-domain", uses: &[], tests_use: &[] },
    Crate { name: "dossier-seal", uses: &[], tests_use: &[] },
    Crate {
        name: "dossier-access",
        uses: &["dossier-domain", "dossier-seal"],
        tests_use: &["dossier-testkit"],
    },
    // Storage keeps sealed bytes under keys; what they mean is not its business, hence no domain.
    Crate { name: "dossier-storage", uses: &["dossier-seal"], tests_use: &[] },
    Crate { name: "dossier-storage-sled", uses: &["dossier-storage"], tests_use: &["dossier-seal"] },
    Crate {
        name: "dossier-search",
        uses: &["dossier-domain", "dossier-seal"],
        tests_use: &["dossier-testkit"],
    },
    Crate {
        name: "dossier-vendor",
        uses: &["dossier-domain"],
        tests_use: &["dossier-simulator", "dossier-testkit"],
    },
    Crate {
        name: "dossier-vendors",
        uses: &["dossier-domain", "dossier-vendor"],
        tests_use: &["dossier-simulator", "dossier-testkit"],
    },
    // Ways out for notices; who is told what is decided in archive.
    Crate {
        name: "dossier-notices",
        uses: &["dossier-domain", "dossier-vendor"],
        tests_use: &["dossier-simulator"],
    },
    // The API from the side of whoever asks: it shares the words with the server, and none of its code.
    Crate {
        name: "dossier-client",
        uses: &["dossier-access", "dossier-domain", "dossier-vendor"],
        tests_use: &["dossier-archive", "dossier-testkit", "dossier-web"],
    },
    // The simulator is the other side of the wire: it must not borrow the adapters' reading of a vendor's format.
    Crate {
        name: "dossier-simulator",
        uses: &["dossier-domain", "dossier-vendor"],
        tests_use: &["dossier-testkit", "dossier-vendors"],
    },
    // What both programs do with their arguments.
    Crate { name: "dossier-usage", uses: &["dossier-domain"], tests_use: &[] },
    // Numbers in, numbers out: what a column means is the business of whoever asks.
    Crate { name: "dossier-analytics", uses: &[], tests_use: &[] },
    // Files are made from values; whoever makes one has read them already.
    Crate { name: "dossier-report", uses: &["dossier-domain"], tests_use: &[] },
    // Apart from report, so that nothing else waits for the typesetter.
    Crate { name: "dossier-report-pdf", uses: &["dossier-domain", "dossier-report"], tests_use: &[] },
    // Files in, rows of text out: what a column means is the business of whoever asks.
    Crate { name: "dossier-sheets", uses: &[], tests_use: &[] },
    // The use cases know contracts only; which back end and which adapters there are is decided in apps.
    Crate {
        name: "dossier-archive",
        uses: &[
            "dossier-access",
            "dossier-analytics",
            "dossier-domain",
            "dossier-notices",
            "dossier-report",
            "dossier-seal",
            "dossier-search",
            "dossier-sheets",
            "dossier-storage",
            "dossier-vendor",
        ],
        tests_use: &["dossier-simulator", "dossier-storage-sled", "dossier-testkit", "dossier-vendors"],
    },
    // A whole archive for tests; the archive's own tests use it, too.
    Crate {
        name: "dossier-testkit",
        uses: &[
            "dossier-access",
            "dossier-archive",
            "dossier-domain",
            "dossier-seal",
            "dossier-simulator",
            "dossier-storage",
            "dossier-vendor",
            "dossier-vendors",
        ],
        tests_use: &[],
    },
    // The one library that names back ends: for whoever wants an archive on one machine without choosing.
    Crate {
        name: "dossier-folder",
        uses: &[
            "dossier-archive",
            "dossier-domain",
            "dossier-seal",
            "dossier-storage",
            "dossier-storage-sled",
            "dossier-vendors",
        ],
        tests_use: &["dossier-access"],
    },
    Crate {
        name: "dossier-web",
        uses: &[
            "dossier-access",
            "dossier-archive",
            "dossier-domain",
            "dossier-report",
            "dossier-search",
            "dossier-vendor",
            "dossier-vendors",
        ],
        tests_use: &["dossier-report-pdf", "dossier-simulator", "dossier-testkit"],
    },
    // Tests of the pages in a browser, apart from those of the crate: they take a while, and a browser.
    Crate {
        name: "dossier-browser",
        uses: &[
            "dossier-access",
            "dossier-archive",
            "dossier-domain",
            "dossier-report-pdf",
            "dossier-simulator",
            "dossier-testkit",
            "dossier-vendor",
            "dossier-web",
        ],
        tests_use: &[],
    },
    Crate {
        name: "dossier-server",
        uses: &[
            "dossier-access",
            "dossier-archive",
            "dossier-domain",
            "dossier-folder",
            "dossier-report-pdf",
            "dossier-seal",
            "dossier-usage",
            // For the secret by which it proves itself at the bank's own login.
            "dossier-vendor",
            "dossier-web",
        ],
        tests_use: &["dossier-simulator"],
    },
    Crate { name: "dossier", uses: ALL_BUT_TESTKIT, tests_use: &["dossier-testkit"] },
    // For developers only, hence with the testkit's data.
    Crate { name: "dossier-benches", uses: ALL, tests_use: &[] },
    Crate { name: "xtask", uses: &[], tests_use: &[] },
];

const ALL: &[&str] = &[
    "dossier-access",
    "dossier-analytics",
    "dossier-archive",
    "dossier-client",
    "dossier-domain",
    "dossier-folder",
    "dossier-notices",
    "dossier-report",
    "dossier-report-pdf",
    "dossier-seal",
    "dossier-search",
    "dossier-sheets",
    "dossier-simulator",
    "dossier-storage",
    "dossier-storage-sled",
    "dossier-usage",
    "dossier-vendor",
    "dossier-vendors",
    "dossier-web",
    "dossier-testkit",
];

const ALL_BUT_TESTKIT: &[&str] = match ALL {
    [others @ .., _testkit] => others,
    [] => &[],
};

/// Libraries with one home. Tests may use them anywhere.
pub(crate) const CONFINED: &[Confined] = &[
    Confined {
        library: "axum",
        to: &["dossier-simulator", "dossier-web"],
        instead: "offer the use case as a function of archive; HTTP is the business of the server's crates",
    },
    Confined {
        library: "clap",
        to: &["dossier-usage", "dossier", "dossier-server", "dossier-benches"],
        instead: "take plain values; arguments are read in apps",
    },
    Confined {
        library: "lettre",
        to: &["dossier-notices"],
        instead: "send letters through dossier_notices, which checks mailboxes and addresses",
    },
    Confined {
        library: "reqwest",
        to: &["dossier-vendor"],
        instead: "send requests through dossier_vendor::http, which checks hosts and addresses",
    },
    Confined {
        library: "sled",
        to: &["dossier-storage-sled", "dossier-benches"],
        instead: "use dossier_storage::Records; the back end is chosen in apps",
    },
    Confined {
        library: "tantivy",
        to: &["dossier-search", "dossier-benches"],
        instead: "use dossier_search, which shows no type of the index",
    },
    Confined {
        library: "typst",
        to: &["dossier-report-pdf"],
        instead: "make PDFs through dossier_report_pdf, so that nothing else waits for the typesetter",
    },
    Confined {
        library: "typst-kit",
        to: &["dossier-report-pdf"],
        instead: "make PDFs through dossier_report_pdf, so that nothing else waits for the typesetter",
    },
    Confined {
        library: "typst-layout",
        to: &["dossier-report-pdf"],
        instead: "make PDFs through dossier_report_pdf, so that nothing else waits for the typesetter",
    },
    Confined {
        library: "typst-pdf",
        to: &["dossier-report-pdf"],
        instead: "make PDFs through dossier_report_pdf, so that nothing else waits for the typesetter",
    },
    Confined {
        library: "thirtyfour",
        to: &["dossier-browser"],
        instead: "test what a browser does with the pages in dossier-browser",
    },
];

/// What a single crate does without.
pub(crate) const BANNED: &[Banned] = &[Banned {
    library: "tokio",
    from: "dossier-domain",
    instead: "keep domain free of input and output; waiting happens in the crates above",
}];
