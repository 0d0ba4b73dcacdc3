package city

import "lyhord/tenants"

// Refs are the tenants of a city as the generator needs them.
func Refs(c tenants.City) []Ref {
	refs := make([]Ref, 0, len(c.Tenants))
	for _, tenant := range c.Tenants {
		ref := Ref{TenantSlug: tenant.Slug, Kind: tenant.Kind}
		for _, unit := range tenant.Units {
			ref.Units = append(ref.Units, Unit{
				Slug: unit.Slug, Kind: unit.Kind, Type: unit.Type, Area: unit.Area, Regi: unit.Regi,
				Clients: unit.Clients, CommissionedBy: unit.CommissionedBy,
			})
		}
		refs = append(refs, ref)
	}
	return refs
}
