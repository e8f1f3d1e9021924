//! What the company talks about.

pub(super) const PRODUCTS: [&str; 41] = [
    "payment",
    "checkout",
    "catalog",
    "inventory",
    "shipping",
    "billing",
    "identity",
    "search",
    "pricing",
    "loyalty",
    "fraud",
    "ledger",
    "invoice",
    "customer",
    "order",
    "cart",
    "refund",
    "subscription",
    "messaging",
    "notification",
    "email",
    "media",
    "content",
    "review",
    "recommendation",
    "warehouse",
    "fleet",
    "routing",
    "tax",
    "risk",
    "claims",
    "policy",
    "quote",
    "onboarding",
    "support",
    "analytics",
    "reporting",
    "experiment",
    "feature",
    "partner",
    "vendor",
];

pub(super) const NOUNS: [&str; 37] = [
    "gateway", "profile", "session", "history", "import", "export", "sync", "rules", "limits",
    "events", "audit", "schedule", "calendar", "template", "document", "image", "price", "stock",
    "address", "account", "card", "wallet", "token", "consent", "metrics", "alerts", "batch",
    "stream", "queue", "index", "cache", "archive", "admin", "mobile", "web", "edge", "core",
];

pub(super) const PARTS: [&str; 11] = [
    "service",
    "api",
    "worker",
    "ui",
    "frontend",
    "backend",
    "adapter",
    "processor",
    "client",
    "job",
    "proxy",
];

pub(super) const STORES: [&str; 7] = [
    "database",
    "bucket",
    "topic",
    "cluster",
    "redis",
    "vault",
    "warehouse",
];

pub(super) const LANGUAGES: [&str; 9] = [
    "java",
    "kotlin",
    "go",
    "rust",
    "python",
    "typescript",
    "ruby",
    "scala",
    "elixir",
];

pub(super) const ADJECTIVES: [&str; 17] = [
    "internal",
    "public",
    "critical",
    "legacy",
    "regulated",
    "pci",
    "gdpr",
    "global",
    "regional",
    "realtime",
    "batch",
    "experimental",
    "shared",
    "external",
    "stateless",
    "encrypted",
    "cached",
];

pub(super) const SENTENCES: [&str; 10] = [
    "It is the source of truth for everything that is shown in the shop.",
    "Calls reach it through the edge proxy and are limited for each partner.",
    "Data is kept for thirteen months and then moved to the archive.",
    "Deployed every weekday in all regions, with a canary in the north.",
    "Replaces the old monolith module step by step.",
    "On call is shared with the platform team during nights.",
    "Consumers should prefer the events over polling.",
    "Batch runs begin at two in the morning and end before five.",
    "Ask in the channel before changing the schema.",
    "It scales with the number of open carts.",
];

pub(super) const FIRST_NAMES: [&str; 23] = [
    "Jane", "Ada", "Linus", "Grace", "Alan", "Mira", "Jonas", "Aiko", "Priya", "Omar", "Chloe",
    "Diego", "Elif", "Noah", "Ines", "Tariq", "Wanda", "Yusuf", "Lena", "Hugo", "Sofia", "Malik",
    "Nora",
];

pub(super) const LAST_NAMES: [&str; 29] = [
    "Doe", "Okafor", "Virtanen", "Silva", "Novak", "Tanaka", "Haddad", "Moreau", "Jensen", "Kaya",
    "Rossi", "Patel", "Kim", "Lopez", "Ivanov", "Brandt", "Osei", "Larsen", "Costa", "Wolf",
    "Adeyemi", "Sato", "Murphy", "Farah", "Lindgren", "Petrov", "Garcia", "Schmidt", "Nguyen",
];
