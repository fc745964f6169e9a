#include "CapnProtoReference.h"
