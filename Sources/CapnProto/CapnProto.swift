// CapnProto: zero-allocation readers, arena builder, framing and limits.
