{
    "name": "Payment Plan Recovery: Job Queue",
    "version": "19.0.1.0.0",
    "summary": "The nightly work and the sending of notices as jobs of many workers on many machines",
    "category": "Accounting/Accounting",
    "author": "The payment_plan_recovery team",
    "license": "LGPL-3",
    "depends": ["payment_plan_recovery", "queue_job"],
    "data": ["data/queue_job.xml"],
    "auto_install": True,
    "uninstall_hook": "uninstall_hook",
}
