/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_hash.c - the keyed hash, against another implementation */
#include "unit.h"

#include "base/hash.h"

/*
 * Made with another implementation of SipHash-2-4, which gives the value of
 * the paper's appendix A; the keys are seed and seed + 1.
 */
static void
test_reference(void **state)
{
	static const unsigned char bytes[] = {
		0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14
	};
	static const struct {
		size_t		n;
		uint64_t	seed, hash;
	} rows[] = {
		{ 0, UINT64_C(0), UINT64_C(0xc4235c5247d6521c) },
		{ 1, UINT64_C(0), UINT64_C(0x123b3dde80bb721b) },
		{ 7, UINT64_C(1), UINT64_C(0xae4482934926ec92) },
		{ 8, UINT64_C(1), UINT64_C(0x8f39a44df2505b38) },
		{ 9, UINT64_C(12345), UINT64_C(0x8fc0c79137df248d) },
		{ 15, UINT64_C(12345), UINT64_C(0xaa94069cca7eb2df) },
		{ 15, UINT64_C(18446744073709551615), UINT64_C(0xf2dc7966f780be6b) },
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
