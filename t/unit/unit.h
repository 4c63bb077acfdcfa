/* SPDX-License-Identifier: GPL-3.0-or-later */
/* unit.h - what every unit test includes: cmocka, and TAP */
#ifndef T_UNIT_H
#define T_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* The number of rows of a table. */
#define ROWS(table) (sizeof(table) / sizeof((table)[0]))

/*
 * cmocka's header does not say that a failed assertion does not return, which
 * compilers and analyzers have to know of what is used afterwards.
 */
#undef assert_non_null
#define assert_non_null(p) unit_non_null((p), #p, __FILE__, __LINE__)

static inline void
unit_non_null(const void *p, const char *text, const char *file, int line)
{
	if (p != NULL)
		return;
	_assert_true(0, text, file, line);
	abort();
}

/* Texts of which either may be NULL, for none; of is what gave the first. */
static inline void
unit_assert_text(const char *got, const char *want, const char *of)
{
	if (want == NULL ? got != NULL : got == NULL || strcmp(got, want) != 0)
		fail_msg("'%s' gives '%s'", of, got != NULL ? got : "(none)");
}

/*
 * Leaves a test that can't run here.  What cmocka's own skip() prints is a
 * failure to prove: "not ok 4 # SKIP".
 */
#define UNIT_SKIP(why)                                 \
	do {                                           \
		print_message("# skipped: %s\n", why); \
		return;                                \
	} while (0)

/* main() of a test: int main(void) { return UNIT_RUN(tests); } */
#define UNIT_RUN(tests)                            \
	(cmocka_set_message_output(CM_OUTPUT_TAP), \
	    cmocka_run_group_tests(tests, NULL, NULL))

#endif
