/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_sendmail_access_cf.c - what sendmail.cf says of the access map */
#include <stdlib.h>

#include "unit.h"

#include "mta/sendmail/access/cf.h"

static const struct sendmail_access_row {
	const char *text, *type, *file;
	bool keep_case, nul;
} rows[] = {
	{ "", NULL, NULL, false, false },
	{ "Kaccess hash -T<TMPF> /etc/mail/access\n", "hash",
	    "/etc/mail/access", false, false },
	{ "Kaccess hash /etc/mail/access", "hash", "/etc/mail/access", false,
	    false },
	{ "Kaccess hash -T<TMPF> /etc/mail/access.db\n", "hash",
	    "/etc/mail/access", false, false },
	{ "Kaccess btree -o -f -T<TMPF> /a\n", "btree", "/a", true, false },
	{ "Kaccess\thash\t-N\t/a\t\n", "hash", "/a", false, true },
	{ "Kaccess hash -o -k 1 -v 2 -z : /a\n", "hash", "/a", false, false },
	{ "Kaccess hash -k1 -v2 /a\n", "hash", "/a", false, false },
	{ "KACCESS hash /a\n", "hash", "/a", false, false },
	{ "K access hash /a\n", "hash", "/a", false, false },
	{ "Kaccess hash\n -T<TMPF>\n /a\n", "hash", "/a", false, false },
	{ "Kaccess hash /a # not /b\n", "hash", "/a", false, false },
	{ "Kaccess hash /a\nKaccess btree -f /b\n", "btree", "/b", true,
	    false },
	{ "Kaccess btree -f /b\nKaccess hash /a\n", "hash", "/a", false,
	    false },
	{ "Kaccess ldap -1 -T<TMPF> -v x -k (y) \n", "ldap", NULL, false,
	    false },
	{ "Kaccess hash\n", "hash", NULL, false, false },
	{ "Kaccess hash -\n", "hash", NULL, false, false },
	{ "Kaccess\n", NULL, NULL, false, false },
	{ "#Kaccess hash /a\nKaccessx hash /a\nKmailertable hash /m\n", NULL,
	    NULL, false, false },
};

static void
test_map(void **state)
{
	struct sendmail_access_cf cf;
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		cf = (struct sendmail_access_cf)SENDMAIL_ACCESS_CF_INIT;
		assert_int_equal(sendmail_access_cf_parse(&cf, rows[i].text,
				     strlen(rows[i].text)),
		    0);
		unit_assert_text(cf.type, rows[i].type, rows[i].text);
		unit_assert_text(cf.file, rows[i].file, rows[i].text);
		if (cf.keep_case != rows[i].keep_case ||
		    cf.nul != rows[i].nul || cf.way.compressed)
			fail_msg("'%s': -f %d, -N %d, compressed %d",
			    rows[i].text, cf.keep_case, cf.nul,
			    cf.way.compressed);
		sendmail_access_cf_free(&cf);
		assert_null(cf.type);
	}
}

static void
test_compressed(void **state)
{
	static const struct {
		const char *text;
		bool want;
	} lines[] = {
		{ "O UseCompressedIPv6Addresses=True\n", true },
		{ "O UseCompressedIPv6Addresses\n", true },
		{ "O usecompressedipv6addresses = yes\n", true },
		{ "O UseC=t\n", true },
		{ "O UseCompressedIPv6Addresses=False\n", false },
		{ "O UseCompressedIPv6Addresses=0\n", false },
		{ "#O UseCompressedIPv6Addresses\n", false },
		{ "O UseMSP=True\n", false },
		{ "O Use=True\n", false },
		{ "O UseCompressedIPv6AddressesX=True\n", false },
		{ "O UseC=t\nO UseC=f\n", false },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(lines); i++) {
		struct sendmail_access_cf cf = SENDMAIL_ACCESS_CF_INIT;

		assert_int_equal(sendmail_access_cf_parse(&cf, lines[i].text,
				     strlen(lines[i].text)),
		    0);
		if (cf.way.compressed != lines[i].want)
			fail_msg("'%s'", lines[i].text);
		sendmail_access_cf_free(&cf);
	}
}

/* As m4 writes them, with FEATURE(`access_db', , `skip', `lookupdotdomain'). */
static void
test_rules(void **state)
{
	static const struct {
		const char *text;
		bool skip, dots;
	} lines[] = {
		{ "SD\nR<?> <$+.$+> <$+> <$- $-> <$*>\t$@ $>D <$2> <$3>\n",
		    false, false },
		{ "R<SKIP> <$+> <$+> <$- $-> <$*>\t$@ <$2> <$5>\n", true,
		    false },
		{ "R<?> <$+.$+> <$+> <$- $-> <$*>\t"
		  "$: < $(access $5:.$2 $: ? $) > <$1.$2> <$3> <$4 $5> <$6>\n",
		    false, true },
		{ "R<?> <$+> <$+> <$- $-> <$*>\t"
		  "$: < $(access $5:$2 $: ? $) > <$1>\n",
		    false, false },
		{ "R<SKIPPED> $*\t$@\n#R<SKIP> <$+>\nXR<SKIP> <$+>\n", false,
		    false },
	};
	struct sendmail_access_cf cf;
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(lines); i++) {
		cf = (struct sendmail_access_cf)SENDMAIL_ACCESS_CF_INIT;
		assert_int_equal(sendmail_access_cf_parse(&cf, lines[i].text,
				     strlen(lines[i].text)),
		    0);
		if (cf.skip != lines[i].skip || cf.way.dots != lines[i].dots)
			fail_msg("'%s': %d %d", lines[i].text, cf.skip,
			    cf.way.dots);
		sendmail_access_cf_free(&cf);
	}
}

static void
test_hostile(void **state)
{
	const size_t n = 100000;
	char *bytes = malloc(n);
	struct sendmail_access_cf cf = SENDMAIL_ACCESS_CF_INIT;
	size_t i;

	(void)state;
	assert_non_null(bytes);
	for (i = 0; i < n; i++)
		bytes[i] = "Kaces \n-kO\0="[i * 2654435761u >> 7 & 11];
	assert_int_equal(sendmail_access_cf_parse(&cf, bytes, n), 0);
	memset(bytes, 'x', n);
	memcpy(bytes, "Kaccess hash ", 13);
	assert_int_equal(sendmail_access_cf_parse(&cf, bytes, n), 0);
	assert_int_equal(strlen(cf.file), n - 13);
	sendmail_access_cf_free(&cf);
	free(bytes);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_map),
		cmocka_unit_test(test_compressed),
		cmocka_unit_test(test_rules),
		cmocka_unit_test(test_hostile),
	};

	return UNIT_RUN(tests);
}
