#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
# fuzz.t - the fuzz targets, on the inputs in t/data: old finds stay mended
use strict;
use warnings;

use File::Basename qw(basename);
use FindBin;
use lib "$FindBin::Bin/lib";
use MQ;
use Test::More;

# Without mqc its parsers are not built.
my %of_mqc = map { $_ => 1 } qw(hosts record);
my $mqc = -x program('mqc');

my @targets = map { basename($_, '.c') } glob srcdir() . '/t/fuzz/fuzz_*.c';
cmp_ok(scalar @targets, '>', 20, 'there are targets');
for my $target (@targets) {
	my ($name) = $target =~ /^fuzz_(.*)/;
	next if $of_mqc{$name} && !$mqc;
	my @seeds = grep { -f } glob srcdir() . "/t/data/$name/*";
	cmp_ok(scalar @seeds, '>', 0, "$target has inputs");
	ok(-s srcdir() . "/t/fuzz/$name.dict", '... and words for them');
	my $r = run(builddir() . "/t/fuzz/$target", @seeds);
	is("$r->{code} $r->{signal}", '0 0', "... and has no fault with them")
	    or diag $r->{err};
}
done_testing;
