{
    "name": "Payment Plan Recovery: Sales",
    "version": "19.0.1.0.0",
    "summary": "Confirmed orders count as exposure and respect credit limits",
    "category": "Accounting/Accounting",
    "author": "The payment_plan_recovery team",
    "license": "LGPL-3",
    "depends": ["payment_plan_recovery", "sale"],
    "data": ["views/credit_views.xml"],
    "auto_install": True,
}
