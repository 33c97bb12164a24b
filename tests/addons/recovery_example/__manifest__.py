{
    "name": "Recovery Example",
    "version": "19.0.1.0.0",
    "summary": "One thing of each kind, by one class each: docs/extending.md walks through it",
    "category": "Accounting/Accounting",
    "author": "The payment_plan_recovery team",
    "license": "LGPL-3",
    "depends": ["payment_plan_recovery"],
    "data": ["report/slip.xml"],
}
