"""Lists of one debtor's records with one creditor, as queries that are put together into one statement."""

from odoo.tools import SQL


def listed_sql(records, debtor, company, condition=None, limit=None) -> SQL:
    """Return a query of the ids of a model's records of ``debtor`` with the creditor ``company``, in the model's order.

    For models of ours with debtor, company and an order by columns; that what is read has been written out, and rights,
    are the caller's affair.

    :param records: of the model, any
    :param condition: on columns of the model's table
    """
    return SQL(
        "SELECT id FROM %s WHERE partner_id = %s AND company_id = ANY(%s) AND %s ORDER BY %s LIMIT %s",
        SQL.identifier(records._table),
        debtor.id,
        list(company._recovery_branch_ids()),
        condition or SQL("TRUE"),
        SQL(records._order),  # the model's own; pylint: disable=sql-injection
        limit,
    )
