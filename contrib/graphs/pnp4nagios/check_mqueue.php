<?php
# SPDX-License-Identifier: GPL-3.0-or-later
# check_mqueue.php - PNP4Nagios template: two graphs for each queue
#
# PNP gives an array for each property of the data sources ($NAME, $RRDFILE,
# $DS, $WARN, $CRIT), with the index from 1, and takes $opt, $def and $ds_name.
# A queue is a label that has a companion with "_oldest"; it may lack the
# others where the plugin had no room for them.

# PNP sets these to FALSE, which PHP 8.1 no longer likes to make an array of.
$opt = $def = $ds_name = array();
$index = array_flip($NAME);
$graph = 0;

# The words that read one data source as $variable.
$source = function ($variable, $label, $cf = 'AVERAGE')
    use ($index, $RRDFILE, $DS) {
	$i = $index[$label];
	return "DEF:$variable=$RRDFILE[$i]:$DS[$i]:$cf ";
};

# Lines at the limits of a data source, which may have none; times $factor.
$limits = function ($label, $factor, $unit) use ($index, $WARN, $CRIT) {
	$i = $index[$label];
	$words = '';
	foreach (array('warning' => array($WARN, '#e6b800'),
	    'critical' => array($CRIT, '#cb181d')) as $name => $level) {
		list($values, $color) = $level;
		if (!isset($values[$i]) || !is_numeric($values[$i]))
			continue;
		$at = $values[$i] * $factor;
		$words .= "HRULE:$at$color:\"$name at $at$unit\" ";
	}
	return $words . 'COMMENT:"\l" ';
};

foreach ($NAME as $label) {
	if (!isset($index["{$label}_oldest"]))
		continue;

	$graph++;
	$ds_name[$graph] = "$label: messages";
	$opt[$graph] = '--lower-limit 0 --units-exponent 0 '
	    . '--vertical-label "messages" '
	    . "--title \"$hostname / $servicedesc: $label\" ";
	$def[$graph] = $source('messages', $label)
	    . $source('peak', $label, 'MAX')
	    . 'AREA:messages#9ecae1:"messages" '
	    . 'GPRINT:messages:LAST:"now %6.0lf" '
	    . 'GPRINT:messages:AVERAGE:"average %6.0lf" '
	    . 'GPRINT:peak:MAX:"peak %6.0lf\l" ';
	if (isset($index["{$label}_late"]))
		$def[$graph] .= $source('late', "{$label}_late")
		    . 'AREA:late#fdae6b:"late    " '
		    . 'GPRINT:late:LAST:"now %6.0lf" '
		    . 'GPRINT:late:AVERAGE:"average %6.0lf" '
		    . 'GPRINT:late:MAX:"peak %6.0lf\l" ';
	$def[$graph] .= 'LINE1:messages#2171b5 '
	    . $limits($label, 1, ' messages');

	$graph++;
	$ds_name[$graph] = "$label: age of the oldest message";
	$opt[$graph] = '--lower-limit 0 --units-exponent 0 '
	    . '--vertical-label "minutes" '
	    . "--title \"$hostname / $servicedesc: oldest in $label\" ";
	$def[$graph] = $source('seconds', "{$label}_oldest", 'MAX')
	    . 'CDEF:minutes=seconds,60,/ '
	    . 'AREA:minutes#a1d99b:"oldest" LINE1:minutes#238b45 '
	    . 'GPRINT:minutes:LAST:"now %6.0lf" '
	    . 'GPRINT:minutes:AVERAGE:"average %6.0lf" '
	    . 'GPRINT:minutes:MAX:"peak %6.0lf minutes\l" '
	    . $limits("{$label}_oldest", 1 / 60, ' minutes');
}
?>
