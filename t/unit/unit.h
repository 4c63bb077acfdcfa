/* SPDX-License-Identifier: GPL-3.0-or-later */
/* unit.h - what every unit test includes: cmocka, and TAP */
#ifndef T_UNIT_H
#define T_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* The number of rows of a table. */
#define ROWS(table)	(sizeof(table) / sizeof((table)[0]))

/* main() of a test: int main(void) { return UNIT_RUN(tests); } */
#define UNIT_RUN(tests)	\
	(cmocka_set_message_output(CM_OUTPUT_TAP), \
	cmocka_run_group_tests(tests, NULL, NULL))

#endif
