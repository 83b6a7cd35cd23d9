"""Who is who in a running world: aliases with the identifiers behind them, for other people's software."""

from typing import Any

from harness.world import World


def who_is_who(world: World) -> dict[str, Any]:
    """Base URLs, then every alias of the world's file; `absent` must lead to nothing."""
    at = world.addresses
    return {
        "version": 1,
        "now": world.now().isoformat(timespec="seconds"),
        "services": {
            "token": f"{at.token}/token", "pds": at.pds, "sds": at.sds, "ssp": at.ssp,
            "control": f"{at.ssp.removesuffix('/ssp')}/control",
        },
        "organisations": {row.alias or row.ods: _organisation(world, row.ods) for row in world.rows.organisations},
        "patients": {row.alias: _patient(world, row.alias) for row in world.rows.patients},
        "absent": world.rows.absent,
    }  # fmt: skip


def _organisation(world: World, ods: str) -> dict[str, Any]:
    row, practice = world.names.organisations[ods], world.practices[ods]
    (registration,) = world.directory.in_organisation(ods)
    return {
        "ods": ods,
        "name": row.name,
        "supplier": practice.profile.name,
        "asid": practice.asid,
        "party_key": registration.party_key,
        "fqdn": registration.fqdn,
        "service_root": practice.service_root,
        "desk": world.addresses.desk(ods),
        "users": [user.alias for user in row.users],
        "locations": {
            one.alias: {"id": place.id, "name": place.name, "site_code": place.site_code}
            for one, place in zip(row.locations, practice.locations, strict=False)
        },
        "practitioners": {
            one.alias: {"id": held.id, "sds_user_id": held.user_id, "sds_role_profile_ids": list(held.role_ids)}
            for one, held in zip(row.practitioners, practice.practitioners, strict=False)
        },
    }


def _patient(world: World, alias: str) -> dict[str, Any]:
    row = world.names.patients[alias]
    records = {ods: practice.patients.of_number(row.nhs_number) for ods, practice in world.practices.items()}
    return {
        "nhs_number": row.nhs_number,
        "family": row.family,
        "given": list(row.given),
        "gender": row.gender,
        "birth_date": row.born.isoformat(),
        "registered_at": world.names.ods(row.practice),
        "ids": {ods: found[0].id for ods, found in records.items() if found},
    }
