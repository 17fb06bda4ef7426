"""Names and titles that people, and programs in their place, type."""

NOT_ONE_LINE = [
    "Ops\nnight",
    "Ops\rnight",
    "Ops\tnight",
    "Ops\x0bBcc: eve@example.org",
    "Ops\x1b[31m",
    "Ops\x7f",
    "Ops\x85night",
    "Ops\u2028night",
    "Ops\u2029night",
    "Ops\u202egnp.exe",
    "\u2066Ops",
]
ONE_LINE = [
    "Übung 👩\u200d🚒 & <b>",
    "حمودي\u200f (2)",
    "\u200eOps\u200f",
    "نم\u200cکن",
    "日本語",
]
