package dialogue

import "net/netip"

// Network widens an address ("192.0.2.7" or "192.0.2.7:4711") to its network, /24 or /64: enough to slow a machine down,
// too little to point at a person. It is only ever counted, under a key that hides it too. An address that cannot be
// read is the empty network, which all such share.
func Network(addr string) string {
	ip, err := netip.ParseAddr(addr)
	if err != nil {
		pair, err := netip.ParseAddrPort(addr)
		if err != nil {
			return ""
		}
		ip = pair.Addr()
	}
	ip = ip.Unmap()
	bits := 64
	if ip.Is4() {
		bits = 24
	}
	prefix, err := ip.WithZone("").Prefix(bits)
	if err != nil {
		return ""
	}
	return prefix.String()
}
