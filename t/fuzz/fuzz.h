/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fuzz.h - what a fuzz target defines, and what it may use */
#ifndef T_FUZZ_H
#define T_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"
#include "mail/relay.h"

/*
 * Looks at n bytes; aborts where it finds a fault.  Returns 0.  The same bytes
 * do the same each time: no clock, no environment, nothing kept.
 */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

/* Says which property is broken, and where, and aborts. */
#define FUZZ_MUST(property) \
	((property) ? (void)0 : fuzz_broken(#property, __FILE__, __LINE__))
_Noreturn void fuzz_broken(const char *property, const char *file, int line);

/*
 * A copy in an allocation of its own, so that a sanitizer sees a read behind
 * the end; then the same as a string, which ends at a NUL.  To be freed.
 */
char *fuzz_copy(const void *bytes, size_t n);
char *fuzz_string(const void *bytes, size_t n);

/* The next line, as such a string; NULL at the end.  Moves *bytes and *n. */
char *fuzz_line(const uint8_t **bytes, size_t *n);

/* Both say the same; the span is within n bytes, or empty. */
bool fuzz_same(struct span, struct span);
bool fuzz_same_relay(const struct relay *, const struct relay *);
bool fuzz_inside(struct span, const char *bytes, size_t n);

/* A text, one line of printable ASCII; NULL: out of memory. */
bool fuzz_is_line(const char *text);

/* A file without a name, of these bytes, read from its beginning. */
int fuzz_file(const void *bytes, size_t n);

#endif
