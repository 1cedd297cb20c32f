"""Where mail for a supplier goes, and whom it greets."""

from rfqs.models import Invitation
from suppliers.models import Contact, Supplier


def address_of(supplier: Supplier) -> tuple[str, str]:
    """Where mail for a supplier goes, and whom it greets: the primary contact, else the company.

    The address is empty where there is none. Costs nothing where contacts are prefetched.
    """
    contact = contact_of(supplier)
    return (contact.email, contact.name) if contact else (supplier.email, supplier.name)


def address_for(invitation: Invitation) -> tuple[str, str]:
    """Likewise for one invitation, whose address a buyer may have corrected."""
    if invitation.mail_to:
        return invitation.mail_to, invitation.supplier.name
    return address_of(invitation.supplier)


def reader_of(invitation: Invitation) -> Contact | None:
    """The person an invitation goes to, None where it goes to no person's own address."""
    return None if invitation.mail_to else contact_of(invitation.supplier)


def contact_of(supplier: Supplier) -> Contact | None:
    """The person mail goes to, the primary one first; None where the company's own address is used."""
    people = [one for one in supplier.contacts.all() if one.email and one.is_active]
    return min(people, key=lambda one: not one.is_primary, default=None)
