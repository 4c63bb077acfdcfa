#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
# man.t - options: the table, --help and the man page say the same; README's
# examples are understood
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use MQ;
use Test::More;

# What -h and -V exit with differs: a plugin is UNKNOWN then.
for my $row (['bb-ext', 1, 0, 11], ['check_mqueue', 8, 3, 20],
    ['check_relayflood', 8, 3, 15], ['mqreport', 8, 0, 10],
    ['qblock', 8, 0, 12], ['qflush', 8, 0, 20],
    ['qstat', 1, 0, 15], ['mqc', 1, 0, 22]) {
	my ($program, $section, $exit, $options) = @$row;
	# configure can leave one out.
	next if lacks(-e program($program), "$program in this build");
	my $help = run(program($program), '--help');
	is($help->{code}, $exit, "$program --help exits $exit");
	is($help->{err}, '', '... and writes nothing to stderr');
	# Directories were chosen by whoever configured this build.
	my @lines = split /\n/, $help->{out};
	my @long = grep { length > 80 && !m{^ *\(?[/.]\S+\)?$} } @lines;
	is_deeply(\@long, [], '... in 80 columns');
	like($help->{out}, qr/^Examples:$/m, '... with examples');

	my (%letter, %name);
	for (@lines) {
		next if !/^  (?:-(\w), |    )--([a-z-]+)/;
		$name{$2}++;
		$letter{$1}++ if defined $1;
	}
	cmp_ok(scalar keys %name, '>=', $options, '... and all its options');

	my $man = slurp(srcdir() . "/man/$program.$section");
	my %man_name = map { $_ => 1 } $man =~ /\bFl -([a-z][a-z-]+)/g;
	my %man_letter = map { $_ => 1 } $man =~ /\bFl ([a-zA-Z])\b/g;
	is_deeply([sort keys %man_name], [sort keys %name],
	    "man $program: the long options of --help");
	is_deeply([sort keys %man_letter], [sort keys %letter],
	    "man $program: the letters of --help");

	my $version = run(program($program), '--version');
	is($version->{code}, $exit, "$program --version exits $exit");
	like($version->{out},
	    qr/\A$program \(mqueue-plugins\) \d+\.\d+\.\d+\n\z/,
	    '... and is one line');
}

# What README tells people to type is no wrong usage.
my $queue = tempdir();
my @examples = slurp(srcdir() . '/README') =~
    m{^  /usr/lib/nagios/plugins/check_relayflood (-.*)$}mg;
cmp_ok(scalar @examples, '>=', 3, 'README has examples');
for my $example (@examples) {
	my $r = run(program('check_relayflood'), '-q', $queue,
	    split(' ', $example));
	is($r->{code}, 0, "check_relayflood $example") or diag $r->{out};
}

# The pages name the folder that this build's plugins are installed to.
my $root = tempdir();
$queue = "$root/plug/ins";
run('make', '-C', builddir(), '-s', 'install-man', 'install-data-hook',
    "DESTDIR=$root/", "plugindir=$queue");
my ($page) = split /\n/, run('find', $root, '-name', 'check_mqueue.8')->{out};
SKIP: {
	ok($page, 'the pages can be installed') or skip 'no page', 2;
	like(slurp($page), qr{^\$ \Q$queue\E/check_mqueue -q }m,
	    '... with the folder of the plugins');
	unlike(slurp($page), qr{/usr/lib/nagios/plugins}, '... and no other');
	is((stat $page)[2] & 0777, 0644, '... for everybody to read');
}
done_testing;
