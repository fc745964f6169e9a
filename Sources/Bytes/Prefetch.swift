// What is needed soon can be fetched while something else is done.

import CPlatform

/// Has the processor fetch what lies at `address`, wherever that is, so that it is there when it is looked at.
@inlinable @inline(__always)
public func prefetch(_ address: UnsafeRawPointer) { platform_prefetch(address) }
