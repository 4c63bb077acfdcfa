/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_hash.c - the keyed hash, against another implementation */
#include "unit.h"

#include "base/hash.h"

/*
 * Made with another implementation of SipHash, which gives the value of the
 * paper's appendix A for 2-4; the keys are seed and seed + 1.
 */
static void
test_reference(void **state)
{
	static const unsigned char bytes[] = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
		11, 12, 13, 14 };
	static const struct {
		size_t n;
		uint64_t seed, hash;
	} rows[] = {
		{ 0, UINT64_C(0), UINT64_C(0x72214e94c57fb49a) },
		{ 1, UINT64_C(0), UINT64_C(0x0a53d47d883801ed) },
		{ 7, UINT64_C(1), UINT64_C(0x0ec349aa2921b6c6) },
		{ 8, UINT64_C(1), UINT64_C(0x8f1a9587b3958909) },
		{ 9, UINT64_C(12345), UINT64_C(0x61a9ddcd9ee7b4f0) },
		{ 15, UINT64_C(12345), UINT64_C(0xaa3a9feee778def1) },
		{ 15, UINT64_MAX, UINT64_C(0x8c8708be091b4de4) },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++)
		assert_int_equal(hash_bytes(bytes, rows[i].n, rows[i].seed),
		    rows[i].hash);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reference),
	};

	return UNIT_RUN(tests);
}
