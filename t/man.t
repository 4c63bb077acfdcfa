#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
# man.t - options: the table, --help and the man page say the same
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use MQ;
use Test::More;

my %programs = (check_mqueue => \&plugin, check_relayflood => \&flood);
for my $program (sort keys %programs) {
	my $run = $programs{$program};
	my $help = $run->('--help');
	is($help->{code}, 3, "$program --help exits 3");
	is($help->{err}, '', '... and writes nothing to stderr');
	# Where state goes was chosen by whoever configured this build.
	my @long = grep { length > 80 && !m{^ +/\S+\)$} } @{$help->{lines}};
	is_deeply(\@long, [], '... in 80 columns');
	like($help->{out}, qr/^Examples:$/m, '... with examples');

	my (%letter, %name);
	for (@{$help->{lines}}) {
		next if !/^  (?:-(\w), |    )--([a-z-]+)/;
		$name{$2}++;
		$letter{$1}++ if defined $1;
	}
	cmp_ok(scalar keys %name, '>=', 15, '... and all its options');

	my $man = slurp(srcdir() . "/man/$program.8");
	my %man_name = map { $_ => 1 } $man =~ /\bFl -([a-z][a-z-]+)/g;
	my %man_letter = map { $_ => 1 } $man =~ /\bFl ([a-zA-Z])\b/g;
	is_deeply([sort keys %man_name], [sort keys %name],
	    "man $program: the long options of --help");
	is_deeply([sort keys %man_letter], [sort keys %letter],
	    "man $program: the letters of --help");

	my $version = $run->('--version');
	is($version->{code}, 3, "$program --version exits 3");
	like($version->{out},
	    qr/\A$program \(mqueue-plugins\) \d+\.\d+\.\d+\n\z/,
	    '... and is one line');
}
done_testing;
