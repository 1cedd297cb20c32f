"""Where mail for a supplier goes, and whom it greets."""

from rfqs.models import Invitation, InvitationCopy
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


def copyable(invitation: Invitation) -> list[Contact]:
    """The people of the supplier who can get copies: with an address, other than the one letters go to."""
    mailed = address_for(invitation)[0].casefold()
    found = [one for one in invitation.supplier.contacts.all() if one.email and one.is_active]
    others = [one for one in found if one.email.casefold() != mailed]
    return sorted(others, key=lambda one: (one.name.casefold(), one.pk))


def copied_for(invitation: Invitation) -> list[tuple[InvitationCopy, Contact]]:
    """Who gets copies now, of those whom a buyer chose."""
    chosen = {one.contact_id: one for one in invitation.copies.all()}
    return (
        [(chosen[one.pk], one) for one in copyable(invitation) if one.pk in chosen]
        if chosen
        else []
    )


def contact_of(supplier: Supplier) -> Contact | None:
    """The person mail goes to, the primary one first; None where the company's own address is used."""
    people = [one for one in supplier.contacts.all() if one.email and one.is_active]
    return min(people, key=lambda one: not one.is_primary, default=None)
