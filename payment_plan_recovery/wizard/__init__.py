from . import plan_negotiation
